import { afterEach, describe, expect, it } from 'vitest';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer } from '../support/scripted-server.js';

let server: ScriptedServer;
afterEach(() => server.stop());

describe.each(['off', 'envelope', 'oneflight'] as const)(
  'an envelope larger than one group, pipelining %s',
  (pipelining) => {
    const start = async () => {
      server = await ScriptedServer.start();
      return deliveriesTo(server, { pool: { maxConnections: 1, pipelining } });
    };

    it('reaches all of its recipients', async () => {
      const deliveries = await start();
      const to = Array.from({ length: 350 }, (_, n) => `r${n}@example.com`);

      const receipt = await send(
        deliveries,
        outgoing(1, { envelope: { from: 'hello@shop.example', to } }),
      );
      await deliveries.drain(1000);

      expect(receipt.accepted).toEqual(to);
      expect(server.count('RCPT')).toBe(350);
    });
  },
);
