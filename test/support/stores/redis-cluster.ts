import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../servers/free-port.js';
import { startRedis } from './redis.js';
import type { StoreServer } from './store-server.js';

/** Where a node of a cluster is. */
interface ClusterNode {
  readonly host: string;
  readonly port: number;
}

/** A cluster of Redis on loopback. */
export interface RedisCluster {
  readonly nodes: readonly ClusterNode[];

  /** Ends it and removes all there is of it. */
  remove(): Promise<void>;
}

const HOST = '127.0.0.1';
const SLOTS = 16_384;

/** Starts one of three nodes, each with a third of the slots. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const servers = await Promise.all(
    [0, 1, 2].map(async () => startRedis({ clusterPort: await freePort() })),
  );
  const remove = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.remove()));
  };
  try {
    await joined(servers);
  } catch (error) {
    await remove();
    throw error;
  }
  const nodes = servers.map(({ port }) => ({ host: HOST, port }));
  return { nodes, remove };
}

async function joined(servers: readonly StoreServer[]): Promise<void> {
  const clients = servers.map(({ url }) => new Redis(url));
  try {
    const busPorts = await Promise.all(clients.map(busPortOf));
    await Promise.all(
      clients.map(async (client, n) => {
        const [from, to] = [n, n + 1].map((part) =>
          Math.ceil((SLOTS * part) / clients.length),
        );
        await client.call('CLUSTER', 'ADDSLOTSRANGE', from ?? 0, (to ?? 1) - 1);
      }),
    );
    const [first] = clients;
    for (const [n, { port }] of servers.entries()) {
      const busPort = busPorts[n] ?? 0;
      if (n > 0) await first?.call('CLUSTER', 'MEET', HOST, port, busPort);
    }
    await Promise.all(
      clients.map((client) => whenWhole(client, servers.length)),
    );
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function busPortOf(client: Redis): Promise<number> {
  const answer: unknown = await client.call('CONFIG', 'GET', 'cluster-port');
  return Array.isArray(answer) ? Number(answer[1]) : 0;
}

async function whenWhole(client: Redis, nodes: number): Promise<void> {
  const info = String(await client.call('CLUSTER', 'INFO'));
  const isWhole =
    info.includes('cluster_state:ok') &&
    info.includes(`cluster_known_nodes:${nodes}`);
  if (isWhole) return;
  await sleep(100);
  await whenWhole(client, nodes);
}
