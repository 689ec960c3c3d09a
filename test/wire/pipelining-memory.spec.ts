import { afterEach, describe, expect, it } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import type { Log } from '../../lib/options/log.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { behindBodies } from '../support/adversary/behind-bodies.js';
import { ScriptedServer, type Script } from '../support/scripted-server.js';
import type { Security } from '../support/scripted-server/conversation.js';

let cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUp.map((stop) => stop()));
  cleanUp = [];
});

interface Opened {
  readonly deliveries: Deliveries;
  readonly logged: string[];
}

async function serve(
  script: Script,
  security: Security = 'none',
): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script, { security });
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

const TURNED_AWAY = [
  ['refuses them', '503 pipelined after the end of DATA\r\n'],
  ['sends something else', 'what was that?\r\n'],
  ['says nothing', ''],
] as const;

const WAYS = (['oneflight', 'auto'] as const).flatMap((mode) =>
  (['none', 'implicit'] as const).map((security) => ({ mode, security })),
);

describe.each(TURNED_AWAY)(
  'a relay that is sent envelopes behind bodies and %s',
  (_, answer) => {
    it.each(WAYS)(
      'gets them alone, with nothing lost, and one line in the log, pipelining $mode, $security',
      async ({ mode, security }) => {
        const server = await serve(behindBodies(answer), security);
        const { deliveries, logged } = open(server, mode);
        await sendAll(deliveries, 20);

        expect(deliveries.stats().pipelining).toBe('envelope');
        expect(deliveries.stats().totals).toMatchObject({ accepted: 20 });
        expect(new Set(server.accepted).size).toBe(20);
        expect(server.accepted).toHaveLength(20);
        const lines = logged.filter((line) => line.includes('One-flight'));
        expect(lines).toEqual([expect.stringContaining('is off')]);
      },
    );
  },
);

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
