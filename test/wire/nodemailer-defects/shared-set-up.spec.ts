import type { LookupAddress, LookupAllOptions } from 'node:dns';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deliveriesTo, outgoing, send } from '../../support/relay.js';
import { ScriptedServer } from '../../support/scripted-server.js';

const seen = vi.hoisted(() => ({
  contexts: [] as unknown[],
  lookups: 0,
}));

// The real ones, watched: a module's exports cannot be spied on otherwise.
vi.mock(import('node:tls'), async (original) => {
  const real = await original();
  const connect = (options: ConnectionOptions): TLSSocket => {
    seen.contexts.push(options.secureContext);
    return real.connect(options);
  };
  // The one form of it that is used.
  return { ...real, connect: connect as typeof real.connect };
});
vi.mock(import('node:dns'), async (original) => {
  const real = await original();
  const lookup = (
    name: string,
    options: LookupAllOptions,
    callback: (error: Error | null, addresses: LookupAddress[]) => void,
  ): void => {
    seen.lookups += 1;
    real.lookup(name, options, callback);
  };
  // The one form of it that is used.
  return { ...real, lookup: lookup as typeof real.lookup };
});

const CONNECTIONS = 20;

/** What the connections of one pool share (D14). */
describe('connections that are opened at once', () => {
  let stop: () => Promise<void> = async () => undefined;
  afterEach(() => stop());

  const openAll = async (security: 'none' | 'starttls', host: string) => {
    // Nobody is done before all are there.
    let release: () => void = () => undefined;
    const after = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await ScriptedServer.start(
      ({ event, connection }) => {
        if (event !== 'GREETING') return undefined;
        if (connection === CONNECTIONS) release();
        return { say: '220 ready\r\n', after };
      },
      { security },
    );
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, {
      host,
      pool: { maxConnections: CONNECTIONS, maxConnecting: CONNECTIONS },
    });
    await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, n) =>
        send(deliveries, outgoing(n)),
      ),
    );
    await deliveries.drain(1000);
    return server;
  };

  it('D14: have one secure context', async () => {
    const server = await openAll('starttls', '127.0.0.1');

    expect(server.connections).toBe(CONNECTIONS);
    expect(seen.contexts).toHaveLength(CONNECTIONS);
    expect(seen.contexts[0]).toBeDefined();
    expect(new Set(seen.contexts).size).toBe(1);
  });

  it('D14: ask for their name once', async () => {
    const server = await openAll('none', 'localhost');

    expect(server.connections).toBe(CONNECTIONS);
    expect(seen.lookups).toBe(1);
  });
});
