import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer } from '../support/scripted-server.js';

/** A thousand and some bytes, in lines of six. */
const KB = 1200;

let stop: () => Promise<void>;
afterEach(() => stop());

/** A message of a size, which a relay without SIZE cannot know before. */
const ofSize = (bytes: number): Parameters<typeof outgoing>[1] => ({
  content: { kind: 'bytes', bytes: Buffer.alloc(bytes, 'line\r\n') },
});

describe('the size of a message', () => {
  it('is told to a relay that offers SIZE, without doubled dots', async () => {
    const server = await ScriptedServer.start();
    stop = () => server.stop();
    const deliveries = deliveriesTo(server);
    const bytes = Buffer.from('Subject: a\r\n\r\n.\n.');

    await send(deliveries, outgoing(1, { content: { kind: 'bytes', bytes } }));
    await deliveries.drain(1000);

    const mail = server.said.find(({ event }) => event === 'MAIL');
    expect(mail?.line).toContain(
      ` SIZE=${'Subject: a\r\n\r\n.\r\n.\r\n'.length}`,
    );
  });

  it('is not told to a relay without SIZE, nor held against it', async () => {
    // It answers 555 to a parameter that it does not offer.
    const relay = await FakeSendGrid.start({ hide: ['SIZE'], parse: false });
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay);

    await send(deliveries, outgoing(1, ofSize(2000 * KB)));
    await deliveries.drain(1000);

    expect(relay.messages[0]?.raw).toHaveLength(2000 * KB);
  });

  it.each(['envelope', 'oneflight'] as const)(
    'over the limit of the relay stops a message before its MAIL, pipelining %s',
    async (pipelining) => {
      const relay = await FakeSendGrid.start({ size: 100 * KB, parse: false });
      stop = () => relay.stop();
      const deliveries = deliveriesTo(relay, {
        pool: { maxConnections: 1, pipelining },
      });

      const results = await Promise.allSettled([
        send(deliveries, outgoing(1, ofSize(100 * KB))),
        send(deliveries, outgoing(2, ofSize(101 * KB))),
        send(deliveries, outgoing(3, ofSize(99 * KB))),
      ]);
      await deliveries.drain(1000);

      expect(results).toMatchObject([
        { status: 'fulfilled' },
        { reason: { code: 'INVALID_MESSAGE', deliveryState: 'not-sent' } },
        { status: 'fulfilled' },
      ]);
      expect(relay.counters).toMatchObject({ mailFrom: 2, accepted: 2 });
    },
  );
});
