import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { OutgoingMail } from '../../lib/delivery/carrier.js';
import type { Deliveries } from '../../lib/delivery/deliveries.js';
import type { MailEvent } from '../../lib/events/mail-event.js';
import type { SendGridSmtpOptions } from '../../lib/options/sendgrid-smtp-options.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { SENDGRID_REPLIES } from '../../lib/testing/fake-sendgrid/replies.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

const { senderIdentity } = SENDGRID_REPLIES;
const NEWS = 'news@shop.example';
const MINUTE = 60_000;

let relay: FakeSendGrid;
let deliveries: Deliveries;
let events: MailEvent[] = [];
let warned: string[] = [];

beforeEach(async () => {
  relay = await FakeSendGrid.start();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(async () => {
  vi.useRealTimers();
  await deliveries.drain(1000);
  await relay.stop();
});

function start(options: Partial<SendGridSmtpOptions> = {}): void {
  events = [];
  warned = [];
  const log = {
    info: () => undefined,
    warn: (line: string) => warned.push(line),
  };
  deliveries = deliveriesTo(relay, options, log, (event) => events.push(event));
}

/** A message of the sender that is refused; `from` as its From is written. */
function news(n: number | string, from = NEWS): OutgoingMail {
  const envelope = { from: NEWS, to: ['ada@example.com'] };
  return outgoing(n, { sender: from, envelope });
}

/** SendGrid minds the sender from now on. */
function refuseNews(reply: `${number} ${string}` = senderIdentity): void {
  relay.fail('message', reply, {
    times: Infinity,
    when: ({ sender }) => sender === NEWS,
  });
}

const REFUSED = { code: 'SENDER', scope: 'sender', deliveryState: 'not-sent' };

describe('a From that SendGrid refuses', () => {
  it.each([
    senderIdentity,
    '403 You are not authorized to send from that email address',
  ] as const)('by %s fails, and others are sent on', async (reply) => {
    start();
    refuseNews(reply);
    await expect(send(deliveries, news(1))).rejects.toMatchObject({
      ...REFUSED,
      response: reply,
      recipients: [{ state: 'rejected', attempts: 1 }],
    });
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => send(deliveries, outgoing(n))),
    );

    expect(relay.counters).toMatchObject({ accepted: 20, rejected: 1 });
    expect(deliveries.stats()).toMatchObject({
      account: 'ok',
      pausedSenders: 1,
    });
  });

  it('fails at once without reaching the relay, and is told of once', async () => {
    start();
    refuseNews();
    await Promise.allSettled([send(deliveries, news(1))]);
    for (const from of [NEWS, 'News@Shop.example']) {
      await expect(send(deliveries, news(2, from))).rejects.toMatchObject({
        ...REFUSED,
        retryable: true,
        response: senderIdentity,
      });
    }

    expect(relay.counters.mailFrom).toBe(1);
    const told = events.filter(({ type }) => type === 'sender-paused');
    expect(told).toMatchObject([{ retryInMs: MINUTE, reply: { code: 550 } }]);
    expect(warned).toHaveLength(1);
    expect(warned[0]).toContain('***@shop.example');
    expect(warned[0]).toContain('Sender Authentication');
  });

  it('fails what of it waits, in the queue or for another attempt', async () => {
    start({ pool: { maxConnections: 1, pipelining: 'envelope' }, retry: {} });
    await send(deliveries, outgoing(0));
    relay.fail('mail', '451 Later');
    const deferred = Promise.allSettled([send(deliveries, news('deferred'))]);
    await vi.waitFor(() =>
      expect(events.map(({ type }) => type)).toContain('deferred'),
    );
    refuseNews();
    const first = send(deliveries, news('first'));
    const waiting = ['a', 'b', 'c'].map((n) =>
      send(deliveries, news(n, 'NEWS@shop.example')),
    );
    const others = ['d', 'e'].map((n) => send(deliveries, outgoing(n)));
    const results = await Promise.allSettled([first, ...waiting]);
    await Promise.all(others);

    for (const result of [...results, ...(await deferred)]) {
      expect(result).toMatchObject({ reason: REFUSED });
    }
    // One before, the deferred, the first and the two others.
    expect(relay.counters.mailFrom).toBe(5);
    expect(deliveries.stats().totals).toMatchObject({
      accepted: 3,
      pending: 0,
    });
  });

  it('is tried by one message after 1, 5, 15 and 60 minutes, until it passes', async () => {
    start();
    refuseNews();
    await Promise.allSettled([send(deliveries, news(0))]);
    for (const minutes of [1, 5, 15, 60, 60]) {
      await vi.advanceTimersByTimeAsync(minutes * MINUTE - 100);
      const { mailFrom } = relay.counters;
      await Promise.allSettled([send(deliveries, news('early'))]);
      expect(relay.counters.mailFrom).toBe(mailFrom);
      await vi.advanceTimersByTimeAsync(100);
      await Promise.allSettled([
        send(deliveries, news('probe')),
        send(deliveries, news('not yet')),
      ]);
      expect(relay.counters.mailFrom).toBe(mailFrom + 1);
    }
    relay.clear();
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    await send(deliveries, news('verified'));
    await Promise.all([send(deliveries, news(1)), send(deliveries, news(2))]);

    expect(deliveries.stats().pausedSenders).toBe(0);
    expect(relay.counters.accepted).toBe(3);
  });

  it('stays paused when its probe is refused for its recipient', async () => {
    start();
    refuseNews();
    await Promise.allSettled([send(deliveries, news(0))]);
    await vi.advanceTimersByTimeAsync(MINUTE);
    relay.fail('rcpt', '550 No such user');
    await expect(send(deliveries, news(1))).rejects.toMatchObject({
      code: 'REJECTED',
    });

    expect(deliveries.stats().pausedSenders).toBe(1);
    await expect(send(deliveries, news(2))).rejects.toMatchObject(REFUSED);
    expect(relay.counters.mailFrom).toBe(2);
  });
});
