import { afterEach, describe, expect, it } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import type { Log } from '../../lib/options/log.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer, type Script } from '../support/scripted-server.js';

let cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUp.map((stop) => stop()));
  cleanUp = [];
});

interface Opened {
  readonly deliveries: Deliveries;
  readonly logged: string[];
}

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  cleanUp.push(() => server.stop());
  return server;
}

function open(
  server: ScriptedServer,
  pipelining: 'auto' | 'oneflight' = 'auto',
): Opened {
  const logged: string[] = [];
  const log: Log = {
    info: (text) => logged.push(text),
    warn: (text) => logged.push(text),
  };
  const options = {
    pool: { maxConnections: 1, pipelining },
    timeouts: { commandMs: 400 },
  };
  const deliveries = deliveriesTo(server, options, log);
  cleanUp.push(() => deliveries.drain(1000));
  return { deliveries, logged };
}

/** Sends so many at once, so that envelopes may ride. */
async function sendAll(deliveries: Deliveries, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, n) => send(deliveries, outgoing(n))),
  );
}

/** Answers every command that came in one packet with a dot like this. */
function behindBodies(answer: string): Script {
  const behind = new Set<number>();
  return ({ event, connection }) => {
    if (event === 'DOT') {
      behind.add(connection);
      setImmediate(() => behind.delete(connection));
    }
    const rides = behind.has(connection) && /MAIL|RCPT|DATA/.test(event);
    return rides ? answer : undefined;
  };
}

describe('a relay that turns envelopes behind bodies away', () => {
  it.each([
    ['refuses them', '503 pipelined after the end of DATA\r\n'],
    ['sends something else', 'what was that?\r\n'],
    ['says nothing', ''],
  ])(
    'and %s gets them alone, with nothing lost, and one line in the log',
    async (_, answer) => {
      const server = await serve(behindBodies(answer));
      const { deliveries, logged } = open(server, 'oneflight');
      await sendAll(deliveries, 20);

      expect(deliveries.stats().pipelining).toBe('envelope');
      expect(deliveries.stats().totals).toMatchObject({ accepted: 20 });
      expect(new Set(server.accepted).size).toBe(20);
      expect(server.accepted).toHaveLength(20);
      const lines = logged.filter((line) => line.includes('One-flight'));
      expect(lines).toEqual([expect.stringContaining('is off')]);
    },
  );
});

describe('what a relay bears', () => {
  it('is known to another instance in this process', async () => {
    const server = await serve(() => undefined);
    const first = open(server);
    await sendAll(first.deliveries, 20);
    expect(first.deliveries.stats().pipelining).toBe('oneflight');
    const second = open(server);

    expect(second.deliveries.stats().pipelining).toBe('oneflight');
    expect(second.logged).toEqual([]);
  });

  it('is not asked again by another instance when it was refused', async () => {
    const server = await serve(behindBodies('503 no\r\n'));
    const first = open(server);
    await sendAll(first.deliveries, 20);
    const second = open(server);
    const refusals = (): number => first.logged.length + second.logged.length;
    const before = refusals();
    await sendAll(second.deliveries, 20);

    expect(second.deliveries.stats().pipelining).toBe('envelope');
    expect(refusals() - before).toBeLessThanOrEqual(1);
    expect(second.logged.filter((line) => /One-flight/.test(line))).toEqual([]);
  });
});
