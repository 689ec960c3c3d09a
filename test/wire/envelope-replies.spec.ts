import { afterEach, describe, expect, it } from 'vitest';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer, type Script } from '../support/scripted-server.js';

let server: ScriptedServer;
afterEach(() => server.stop());

const TWO = {
  from: 'hello@shop.example',
  to: ['a@example.com', 'b@example.com'],
};

describe.each(['off', 'envelope', 'oneflight'] as const)(
  'replies to an envelope, pipelining %s',
  (pipelining) => {
    const start = async (script: Script) => {
      server = await ScriptedServer.start(script);
      return deliveriesTo(server, { pool: { maxConnections: 1, pipelining } });
    };

    it('sends to the recipients that were accepted and reports the others', async () => {
      const deliveries = await start(({ event, line }) =>
        event === 'RCPT' && line.includes('<a@')
          ? '550 no such user\r\n'
          : undefined,
      );

      const receipt = await send(deliveries, outgoing(1, { envelope: TWO }));

      expect(receipt.accepted).toEqual(['b@example.com']);
      expect(receipt.rejected).toEqual(['a@example.com']);
      expect(receipt.recipients[0]).toEqual({
        address: 'a@example.com',
        state: 'rejected',
        reply: { code: 550, text: 'no such user' },
        attempts: 1,
      });
      expect(server.accepted).toHaveLength(1);
      await deliveries.drain(1000);
    });

    it('rejects with the reply to MAIL and resets before the next', async () => {
      const deliveries = await start(({ event }) => {
        if (server.count('MAIL') > 1) return undefined;
        if (event === 'MAIL') return '550 not you\r\n';
        if (event === 'RCPT' || event === 'DATA') return '503 no sender\r\n';
        return undefined;
      });

      const first = send(deliveries, outgoing(1));
      await expect(first).rejects.toMatchObject({
        code: 'REJECTED',
        responseCode: 550,
        command: 'MAIL FROM',
        deliveryState: 'not-sent',
        retryable: false,
      });
      await send(deliveries, outgoing(2));
      await deliveries.drain(1000);

      expect(server.count('RSET')).toBe(1);
      expect(server.connections).toBe(1);
      expect(server.accepted).toEqual([expect.stringContaining('Hello 2')]);
    });

    it('rejects with the reply to RCPT when no recipient was accepted', async () => {
      const deliveries = await start(({ event }) => {
        if (server.count('MAIL') > 1) return undefined;
        if (event === 'RCPT') return '451 try later\r\n';
        return event === 'DATA' ? '554 no valid recipients\r\n' : undefined;
      });

      await expect(send(deliveries, outgoing(1))).rejects.toMatchObject({
        code: 'REJECTED',
        responseCode: 451,
        command: 'RCPT TO',
        scope: 'recipient',
        retryable: true,
      });
      await send(deliveries, outgoing(2));
      await deliveries.drain(1000);

      expect(server.count('RSET')).toBe(1);
      expect(server.accepted).toEqual([expect.stringContaining('Hello 2')]);
    });

    it('rejects with the reply to DATA', async () => {
      const deliveries = await start(({ event, nth }) =>
        event === 'DATA' && nth === 1 ? '451 not now\r\n' : undefined,
      );

      await expect(send(deliveries, outgoing(1))).rejects.toMatchObject({
        code: 'REJECTED',
        responseCode: 451,
        command: 'DATA',
      });
      await send(deliveries, outgoing(2));
      await deliveries.drain(1000);

      expect(server.accepted).toEqual([expect.stringContaining('Hello 2')]);
    });

    it('moves a message when DATA is answered by neither 354 nor a refusal', async () => {
      const deliveries = await start(({ event, connection }) =>
        event === 'DATA' && connection === 1 ? '250 sure\r\n' : undefined,
      );

      const receipt = await send(deliveries, outgoing(1));
      await deliveries.drain(1000);

      expect(receipt.attempts).toBe(2);
      expect(server.connections).toBe(2);
      expect(server.accepted).toHaveLength(1);
    });

    it('moves a message to another connection on 421', async () => {
      for (const stage of ['MAIL', 'RCPT', 'DATA'] as const) {
        const deliveries = await start(({ event, connection }) =>
          event === stage && connection === 1 ? '421 closing\r\n' : undefined,
        );

        await send(deliveries, outgoing(stage));
        await deliveries.drain(1000);

        expect(server.accepted).toHaveLength(1);
        if (stage !== 'DATA') await server.stop();
      }
    });

    it('closes when it gets 250 for a lone dot', async () => {
      if (pipelining === 'off') return;
      const deliveries = await start(({ event, connection }) =>
        event === 'RCPT' && connection === 1 ? '550 no\r\n' : undefined,
      );

      await expect(send(deliveries, outgoing(1))).rejects.toMatchObject({
        responseCode: 550,
      });
      await send(deliveries, outgoing(2));
      await deliveries.drain(1000);

      expect(server.connections).toBe(2);
      expect(server.said.find(({ event }) => event === 'DOT')?.line).toBe('');
    });

    it('goes on after a lone dot that was refused', async () => {
      if (pipelining === 'off') return;
      const deliveries = await start(({ event, nth, line }) => {
        if (event === 'RCPT' && nth === 1) return '550 no\r\n';
        return event === 'DOT' && line === ''
          ? '554 no recipients\r\n'
          : undefined;
      });

      await expect(send(deliveries, outgoing(1))).rejects.toMatchObject({
        responseCode: 550,
      });
      await send(deliveries, outgoing(2));
      await deliveries.drain(1000);

      expect(server.connections).toBe(1);
      expect(server.accepted).toEqual([expect.stringContaining('Hello 2')]);
    });

    it('never ends a body that was not wanted with a lone dot when a recipient was', async () => {
      if (pipelining === 'off') return;
      const deliveries = await start(({ event, connection }) =>
        event === 'MAIL' && connection === 1 ? '550 no\r\n' : undefined,
      );

      await expect(send(deliveries, outgoing(1))).rejects.toMatchObject({
        responseCode: 550,
        command: 'MAIL FROM',
      });
      await send(deliveries, outgoing(2));
      await deliveries.drain(1000);

      expect(server.accepted).toEqual([expect.stringContaining('Hello 2')]);
      expect(server.count('DOT')).toBe(1);
    });

    it('sends to more recipients than fit into one group', async () => {
      const deliveries = await start(() => undefined);
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
