import { describe, expect, it, vi } from 'vitest';
import { ENVELOPE } from '../../support/adversary/session.js';
import { nameOf, whole, wireOf } from '../../support/adversary/transcript.js';
import { MODES, SEED, WAYS } from '../../support/adversary/ways.js';
import { deliveriesTo, outgoing, send } from '../../support/relay.js';
import { ScriptedServer } from '../../support/scripted-server.js';
import type { Timed } from '../../support/scripted-server/conversation-events.js';

/** What an idle connection gets to hear. */
const UNASKED: readonly (readonly [string, Timed])[] = [
  ['421', { say: '421 idle for too long\r\n' }],
  ['421 and the end', { say: '421 idle for too long\r\n', then: 'fin' }],
  ['a surplus reply', { say: '250 ok\r\n' }],
  ['a stray line', { say: 'going down for maintenance\r\n' }],
  ['the end', { say: '', then: 'fin' }],
  ['the end without close_notify', { say: '', then: 'bare-fin' }],
  ['a reset', { say: '', then: 'reset' }],
];

describe.concurrent.each(UNASKED)('%s on an idle connection', (_, unasked) => {
  for (const pipelining of MODES) {
    it.each(WAYS)(
      `costs no message anything, pipelining ${pipelining}, $security, $pieces`,
      async (way) => {
        const server = await ScriptedServer.start(undefined, {
          ...way,
          cut: 'mail',
          seed: SEED,
        });
        const deliveries = deliveriesTo(server, {
          pool: { maxConnections: 1, pipelining },
        });
        const mail = (n: number) =>
          send(deliveries, outgoing(n, { envelope: ENVELOPE }));

        await mail(1);
        server.interject(1, unasked);
        await vi.waitUntil(
          // A standby may have taken its place.
          () =>
            server.connections > 1 || deliveries.stats().connections.open === 0,
          { timeout: 10_000, interval: 2 },
        );
        const second = await mail(2);
        await deliveries.drain(2000);
        await server.stop();

        expect(second).toMatchObject({ attempts: 1 });
        expect(server.accepted.map(nameOf)).toEqual(['<1>', '<2>']);
        expect(wireOf(server)).toEqual([whole(1), `${whole(2)} QUIT`]);
      },
    );
  }
});

describe('half a line on an idle connection', () => {
  it.each(MODES)('makes the next message move, pipelining %s', async (mode) => {
    const server = await ScriptedServer.start();
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1, pipelining: mode },
    });

    await send(deliveries, outgoing(1));
    server.interject(1, { say: '25' });
    const second = await send(deliveries, outgoing(2));
    await deliveries.drain(2000);
    await server.stop();

    expect(second).toMatchObject({ attempts: 2 });
    expect(server.accepted.map(nameOf)).toEqual(['<1>', '<2>']);
  });
});
