import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer, type Script } from '../support/scripted-server.js';

let server: ScriptedServer;
afterEach(() => server.stop());

const HEAD = 'From: a@b.example\r\n\r\n';

const start = async (script: Script = () => undefined) => {
  server = await ScriptedServer.start(script);
  return deliveriesTo(server, { pool: { maxConnections: 1 } });
};

const unstuffed = (body: string | undefined): string =>
  (body ?? '').replaceAll('\r\n..', '\r\n.');

describe('bodies', () => {
  it('arrive dot-stuffed and with CRLF line ends', async () => {
    const deliveries = await start();
    const bytes = Buffer.from(`${HEAD}.\n..\r.end`);

    await send(deliveries, outgoing(1, { content: { kind: 'bytes', bytes } }));
    await deliveries.drain(1000);

    expect(server.accepted).toEqual([`${HEAD}..\r\n...\r\n..end\r\n`]);
  });

  it('stream whole, whatever the size of the pieces', async () => {
    const deliveries = await start();
    const text = `${HEAD}${'.line of text\r\n'.repeat(200_000)}`;
    const pieces = function* cut() {
      for (let at = 0; at < text.length; at += 9973) {
        yield Buffer.from(text.slice(at, at + 9973));
      }
    };

    await send(
      deliveries,
      outgoing(1, {
        content: {
          kind: 'stream',
          reusable: false,
          open: () => Readable.from(pieces()),
        },
      }),
    );
    await deliveries.drain(1000);

    expect(unstuffed(server.accepted[0])).toBe(text);
  });

  it('are opened anew for another connection when they can be', async () => {
    const deliveries = await start(({ event, connection, socket }) => {
      if (event === 'DATA' && connection === 1) {
        socket.once('data', () => socket.destroy());
      }
      return undefined;
    });
    let opened = 0;
    const open = (): Readable => {
      opened += 1;
      return Readable.from(
        (async function* slow() {
          yield Buffer.from(HEAD);
          for (let n = 0; n < 200; n += 1) {
            await new Promise(setImmediate);
            yield Buffer.from(`line ${n}\r\n`);
          }
        })(),
      );
    };

    await send(
      deliveries,
      outgoing(1, { content: { kind: 'stream', reusable: true, open } }),
    );
    await deliveries.drain(1000);

    expect(opened).toBe(2);
    expect(server.accepted).toHaveLength(1);
    expect(server.accepted[0]?.match(/line/g)).toHaveLength(200);
  });

  it('that can be read once are not sent after their connection was lost', async () => {
    const deliveries = await start(({ event, connection, socket }) => {
      if (event === 'DATA' && connection === 1) {
        socket.once('data', () => socket.destroy());
      }
      return undefined;
    });
    const open = (): Readable =>
      Readable.from(
        (async function* slow() {
          yield Buffer.from(HEAD);
          for (;;) {
            await new Promise(setImmediate);
            yield Buffer.from('more\r\n');
          }
        })(),
      );

    await expect(
      send(
        deliveries,
        outgoing(1, { content: { kind: 'stream', reusable: false, open } }),
      ),
    ).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      deliveryState: 'not-sent',
      retryable: false,
    });
    await deliveries.drain(1000);
  });

  it.each([
    [
      'fails',
      () =>
        new Readable({
          read() {
            this.destroy(new Error('disk gone'));
          },
        }),
    ],
    [
      'is closed early',
      () => {
        const s = new Readable({
          read() {
            setImmediate(() => this.destroy());
          },
        });
        return s;
      },
    ],
  ])(
    'whose source %s are not sent, and end no mail half-way',
    async (_, open) => {
      const deliveries = await start();

      await expect(
        send(
          deliveries,
          outgoing(1, { content: { kind: 'stream', reusable: false, open } }),
        ),
      ).rejects.toMatchObject({
        code: 'INVALID_MESSAGE',
        deliveryState: 'not-sent',
      });
      await send(deliveries, outgoing(2));
      await deliveries.drain(1000);

      expect(server.accepted).toEqual([expect.stringContaining('Hello 2')]);
    },
  );

  it('with 8-bit octets go out with BODY=8BITMIME, and only then', async () => {
    const deliveries = await start(({ event }) => {
      const old = event === 'EHLO' && server.connections === 2;
      return old ? ScriptedServer.ehloWithout('8BITMIME') : undefined;
    });
    const bytes = Buffer.from(`${HEAD}Grüße\r\n`);
    const content = { kind: 'bytes', bytes } as const;

    await send(deliveries, outgoing(1, { content }));
    await send(deliveries, outgoing(2));
    server.said[0]?.socket.destroy();
    const refused = send(deliveries, outgoing(3, { content }));

    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      message: expect.stringContaining('8BITMIME'),
    });
    await deliveries.drain(1000);
    const mails = server.said.filter(({ event }) => event === 'MAIL');
    expect(mails[0]?.line).toMatch(/ BODY=8BITMIME$/);
    expect(mails[1]?.line).not.toContain('BODY');
    expect(server.accepted).toHaveLength(2);
  });

  it('larger than the relay takes are refused before a byte is sent', async () => {
    const deliveries = await start(({ event }) =>
      event === 'EHLO'
        ? '250-x\r\n250-SIZE 1000\r\n250 AUTH PLAIN\r\n'
        : undefined,
    );
    const bytes = Buffer.concat([Buffer.from(HEAD), Buffer.alloc(1000, 'x')]);

    await expect(
      send(deliveries, outgoing(1, { content: { kind: 'bytes', bytes } })),
    ).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      message: expect.stringContaining('1000'),
    });
    await send(deliveries, outgoing(2));
    await deliveries.drain(1000);

    expect(server.count('MAIL')).toBe(1);
    expect(server.said.find(({ event }) => event === 'MAIL')?.line).toMatch(
      / SIZE=\d+$/,
    );
  });
});
