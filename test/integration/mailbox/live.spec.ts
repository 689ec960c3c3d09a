import type { MailboxList, MailboxPool } from 'nestjs-sendgrid-smtp/mailbox';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MailboxApp } from '../support/mailbox-app.js';
import { PLATFORMS } from '../support/platforms.js';

const box = new MailboxApp();
let relay: FakeSendGrid;

beforeAll(async () => {
  relay = await FakeSendGrid.start();
});
afterEach(() => relay.clear());
afterAll(() => relay.stop());

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' };

interface Told {
  readonly event: string;
  readonly data: unknown;
}

/** The events of a stream, one by one. */
async function* events(): AsyncGenerator<Told> {
  const response = await fetch(`${box.url}/events`);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event = '', data = ''] =
        /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (event !== '') yield { event, data: JSON.parse(data) };
    }
  }
}

/** The next event of that kind; pools are told each second. */
async function next(
  stream: AsyncGenerator<Told>,
  event: string,
): Promise<unknown> {
  for (;;) {
    const { value, done } = await stream.next();
    if (done) throw new Error(`The stream ended without ${event}`);
    if (value.event === event) return value.data;
  }
}

describe.each(PLATFORMS)('the live events on $platform', ({ adapter }) => {
  it('tell of messages, of how they end, and that all are gone', async () => {
    const mailbox = { deliver: true };
    await box.start({ adapter, mailbox, mail: relay.options });
    const stream = events();
    await next(stream, 'pool');

    await box.mail.send(MAIL);
    const told = (await next(stream, 'messages')) as MailboxList;
    await box.ask('/messages', { method: 'DELETE', 'x-mailbox': 'clear' });
    await next(stream, 'reload');

    const states = told.messages.map(({ subject, state }) => [subject, state]);
    expect(states).toContainEqual(['Hello', expect.any(String)]);
    await stream.return(undefined);
  });

  it('end when the application is closed, which waits for them', async () => {
    await box.start({ adapter });
    const stream = events();
    await next(stream, 'pool');

    await box.close();

    let last = await stream.next();
    while (last.done !== true) last = await stream.next();
    expect(last.done).toBe(true);
  });
});

it('tells of each pool: connections, lanes, outcomes, the account', async () => {
  const mail = {
    ...relay.options,
    rateLimit: { messages: 100, perMs: 60_000 },
    pool: { maxConnections: 3, maxMessagesPerConnection: 100 },
    tenants: () => ({ apiKey: relay.options.apiKey }),
  };
  await box.start({ mailbox: { deliver: true }, mail });
  const stream = events();
  await next(stream, 'pool');
  await box.mail.send(MAIL);
  await box.mail.forTenant('acme').send(MAIL);
  box.mail.pause('for a look');
  const held = box.mail.send(MAIL, { lane: 'urgent' });
  await box.list('?waitMs=5000');

  const pool: MailboxPool = JSON.parse((await box.ask('/pool')).body);

  const [own, acme] = pool.parts;
  expect(own).toMatchObject({
    instance: 'default',
    mode: 'smtp',
    relay: `${relay.host}:${relay.port}`,
    maxConnections: 3,
    maxQueued: 10_000,
    rateLimit: { messages: 100, perMs: 60_000, used: 1 },
    perSecond: expect.any(Number),
    connections: [{ state: 'idle', messages: 1, ageMs: expect.any(Number) }],
    stats: {
      account: 'ok',
      paused: 'for a look',
      connections: { open: 1 },
      queue: { byLane: { urgent: { messages: 1 } } },
      totals: { submitted: 2, accepted: 1, pending: 1 },
    },
  });
  const [connection] = own?.connections ?? [];
  expect(connection?.cap).toBeGreaterThan(80);
  expect(connection?.cap).toBeLessThanOrEqual(100);
  expect(acme).toMatchObject({
    tenant: 'acme',
    stats: { totals: { accepted: 1 } },
  });
  box.mail.resume();
  await held;
  await stream.return(undefined);
});
