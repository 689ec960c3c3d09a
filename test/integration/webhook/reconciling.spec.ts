import { createTransport } from 'nodemailer';
import {
  isMailError,
  MailService,
  SendGridSmtpModule,
  SendGridTransport,
  type MailEvent,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import type { FakeEvent, ReceivedMessage } from 'nestjs-sendgrid-smtp/testing';
import { MemoryUnknownSends, reconcilerOf } from 'nestjs-sendgrid-smtp/webhook';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../support/seeded-random.js';
import { WebhookApp } from '../support/webhook-app.js';

const web = new WebhookApp();
const PATH = '/sendgrid/events';
const SEED = Number(process.env['RECONCILE_SEED'] ?? 20_261_123);
const DEFAULTS = { from: 'Shop <hello@shop.example>' };

async function start(
  options: Partial<SendGridSmtpModuleOptions>,
): Promise<{ url: string; mail: MailService; events: MailEvent[] }> {
  const module = SendGridSmtpModule.forRoot({
    ...web.relay.options,
    defaults: DEFAULTS,
    ...options,
  });
  const url = (await web.start({ metadata: { imports: [module] } })) + PATH;
  const mail = web.app.get(MailService);
  const events: MailEvent[] = [];
  mail.events$.subscribe((event) => events.push(event));
  return { url, mail, events };
}

const messageTo = (
  to: string,
): { to: string; subject: string; text: string } => ({
  to,
  subject: `For ${to}`,
  text: 'Hi',
});

/** Without one or the other of the ids, never without all. */
function maimed(event: FakeEvent, random: () => number): FakeEvent {
  const { mail_id: _mailId, ...withoutMailId } = event;
  const { 'smtp-id': _smtpId, ...withoutSmtpId } = event;
  const draw = random();
  if (draw < 0.3) return { ...withoutMailId, event: event.event };
  if (draw < 0.6) return { ...withoutSmtpId, event: event.event };
  return draw < 0.8 ? { ...event, sg_message_id: '' } : event;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe('sends of unknown outcome that wait for events', () => {
  it('are all settled, and nothing is sent twice, over a run with faults', async () => {
    const random = seededRandom(SEED);
    const { relay, sender } = web;
    const { url, mail } = await start({
      retry: { onUnknown: 'reconcile', reconcileMs: 6000, baseDelayMs: 1 },
    });
    const recipients = Array.from({ length: 200 }, (_, n) => `u${n}@x.example`);
    let lost = 0;
    for (const recipient of recipients) {
      const draw = random();
      if (draw > 0.6) continue;
      lost += 1;
      // Taken and not told, or not taken: the sender cannot know which.
      relay.fail('message', draw < 0.4 ? 'accept-and-drop' : 'drop', {
        when: ({ recipients: [first] }) => first === recipient,
      });
    }
    const posted = new Set<ReceivedMessage>();
    const statuses = new Set<number>();
    let running = true;
    const postAll = async (): Promise<void> => {
      const fresh = relay.messages.filter((message) => !posted.has(message));
      for (const message of fresh) posted.add(message);
      const events = fresh.flatMap((message) =>
        ['processed', 'delivered'].flatMap((name) =>
          sender.events(message, name).map((event) => maimed(event, random)),
        ),
      );
      // Names nobody's message, and must settle none.
      for (const to of recipients.slice(0, 3))
        events.push(sender.lateBounce(to));
      const again = events.filter(() => random() < 0.3);
      const batch = shuffled([...events, ...again], random);
      statuses.add(await sender.post(url, batch));
      if (random() < 0.3) statuses.add(await sender.post(url, again));
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (running) await postAll();
    };

    const posting = postAll();
    const receipts = await Promise.all(
      recipients.map((to) => mail.send(messageTo(to))),
    );
    running = false;
    await posting;

    const given = relay.messages.flatMap(({ envelope }) => envelope.to);
    expect(lost).toBeGreaterThan(80);
    expect(given.toSorted(), `seed ${SEED}`).toEqual(recipients.toSorted());
    expect(receipts.map(({ accepted }) => accepted)).toEqual(
      recipients.map((to) => [to]),
    );
    expect(mail.stats().totals).toMatchObject({ accepted: 200, unknown: 0 });
    expect([...statuses]).toEqual([204]);
    const ids = new Map(
      relay.messages.map(({ envelope, id }) => [envelope.to[0], id]),
    );
    const wrong = receipts.filter(
      ({ sendGridId, accepted: [to] }) =>
        sendGridId !== undefined && sendGridId !== ids.get(to),
    );
    expect(wrong).toEqual([]);
  });
});

describe('sends that have failed with an unknown outcome', () => {
  it('are told of as accepted once, and those that were lost never', async () => {
    const { relay, sender } = web;
    const { url, mail, events } = await start({});
    relay.fail('message', 'accept-and-drop', { times: 2 });
    relay.fail('message', 'drop');
    const failures: string[] = [];
    for (const to of ['a@x.example', 'b@x.example', 'c@x.example']) {
      await mail.send(messageTo(to)).catch((error: unknown) => {
        if (isMailError(error)) failures.push(error.mailId ?? '');
      });
    }
    const processed = relay.messages.flatMap((one) =>
      sender.events(one, 'processed'),
    );

    await sender.post(url, [...processed, ...processed]);
    await sender.post(
      url,
      relay.messages.flatMap((one) => sender.events(one, 'open')),
    );
    await web.settle();

    const late = events.filter((event) => event.type === 'settled-late');
    expect(late).toMatchObject(
      relay.messages.map(({ id }, at) => ({
        mailId: failures[at],
        sendGridId: id,
        outcome: 'accepted',
        by: 'event',
      })),
    );
    expect(failures).toHaveLength(3);
    expect(late).toHaveLength(2);
  });

  it("of a tenant are told of as the tenant's", async () => {
    const { relay, sender } = web;
    const { apiKey } = relay.options;
    const { url, mail, events } = await start({ tenants: () => ({ apiKey }) });
    relay.fail('message', 'accept-and-drop');
    await mail.forTenant('acme').send(messageTo('a@x.example')).catch(String);
    const processed = relay.messages.flatMap((one) =>
      sender.events(one, 'processed'),
    );

    await sender.post(url, processed);
    await web.settle();

    expect(events.find(({ type }) => type === 'settled-late')).toMatchObject({
      tenant: 'acme',
    });
  });

  it('of another process are settled through a store that both have', async () => {
    const { relay, sender } = web;
    const unknownSends = new MemoryUnknownSends();
    const other = new SendGridTransport({ ...relay.options, unknownSends });
    relay.fail('message', 'accept-and-drop');
    await createTransport(other, DEFAULTS)
      .sendMail(messageTo('a@x.example'))
      .catch(String);
    await other.close();
    const { url, events } = await start({ unknownSends });
    const processed = relay.messages.flatMap((one) =>
      sender.events(one, 'processed'),
    );

    await sender.post(url, processed);
    await web.settle();

    expect(events.find(({ type }) => type === 'settled-late')).toMatchObject({
      outcome: 'accepted',
    });
  });

  it('of a transport without Nest are settled when it is reconciled with', async () => {
    const { relay, sender } = web;
    const retry = { onUnknown: 'reconcile' } as const;
    const transport = new SendGridTransport({ ...relay.options, retry });
    const url = (await web.start()) + PATH;
    web.webhook.reconcileWith(reconcilerOf(transport));
    relay.fail('message', 'accept-and-drop');
    const sent = createTransport(transport, DEFAULTS).sendMail(
      messageTo('a@x.example'),
    );
    const [message] = await relay.waitFor(1);
    const events = message ? sender.events(message, 'processed') : [];

    // Whether or not the end of the connection is noticed by now.
    await sender.post(url, events);

    await expect(sent).resolves.toMatchObject({ sendGridId: message?.id });
    await transport.close();
  });
});

describe('anything else that sends', () => {
  it('is told of what events name, until it asks no more', async () => {
    const url = (await web.start()) + PATH;
    const told: unknown[] = [];
    const stop = web.webhook.reconcileWith({
      reconcile: (named) => told.push(...named),
    });
    const event = { event: 'processed', mail_id: 'm1', email: 'A@x.example' };

    await web.sender.post(url, [event]);
    await web.settle();
    const count = await web.webhook.reconcile([{ ...event, mail_id: 'm2' }]);
    stop();
    await web.webhook.reconcile([event]);

    const recipient = 'a@x.example';
    expect(told).toEqual([
      { mailId: 'm1', recipient },
      { mailId: 'm2', recipient },
    ]);
    expect(count).toBe(2);
  });
});
