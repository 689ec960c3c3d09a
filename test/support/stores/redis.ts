import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { storePrograms, type StorePackage } from './store-programs.js';
import { ask, StoreServer } from './store-server.js';

/** Debian's redis-server. */
export const REDIS: StorePackage = {
  name: 'redis-server',
  find: async (root) => {
    const folder = join(root, 'usr/bin');
    try {
      await access(join(folder, 'redis-server'));
      return folder;
    } catch {
      return undefined;
    }
  },
};

/** What differs from one Redis to another. */
export interface RedisOptions {
  /** `noeviction` unless told. */
  readonly maxmemoryPolicy?: string;

  /** Of a node of a cluster: where it talks with the others. */
  readonly clusterPort?: number;
}

/** Starts a Redis that writes every command to its disk before it answers. */
export async function startRedis({
  maxmemoryPolicy = 'noeviction',
  clusterPort,
}: RedisOptions = {}): Promise<StoreServer> {
  const { folder: programs, env } = await storePrograms(REDIS);
  const settings = {
    bind: '127.0.0.1',
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'maxmemory-policy': maxmemoryPolicy,
    ...(clusterPort !== undefined && {
      'cluster-enabled': 'yes',
      'cluster-port': String(clusterPort),
    }),
  };
  const given = Object.entries(settings).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ]);
  return StoreServer.start({
    name: 'redis',
    endSignal: 'SIGTERM',
    env,
    prepare: () => Promise.resolve(),
    command: ({ folder, port }) => [
      join(programs, 'redis-server'),
      ['--port', String(port), '--dir', folder, ...given],
    ],
    // While it loads its data it answers -LOADING.
    isReady: async ({ port }) =>
      (await ask(port, Buffer.from('PING\r\n'))).startsWith('+PONG'),
    url: ({ port }) => `redis://127.0.0.1:${port}`,
  });
}
