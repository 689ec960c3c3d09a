import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { BODY, ENVELOPE, RawClient } from './fake-sendgrid-client.js';

const QUEUED = /^250 Ok: queued as /;

describe('the cap on messages of one connection', () => {
  let relay: FakeSendGrid;
  afterEach(() => relay.stop());

  it('is 5,000, whatever became of the messages', async () => {
    relay = await FakeSendGrid.start({ parse: false });
    const client = await RawClient.ready(relay);
    const lines = ['MAIL FROM:<a@example.com>', 'RSET'];

    client.lines(...Array.from({ length: 4999 }, () => lines).flat());
    await client.replies(2 * 4999);

    expect(await client.sendMail()).toMatch(QUEUED);
    expect(await client.say('MAIL FROM:<a@example.com>')).toMatch(/^421 /);
    expect(relay.counters.maxMailsPerConnection).toBe(5001);
  }, 20_000);

  it('is kept by a 421 to the first MAIL above it', async () => {
    relay = await FakeSendGrid.start({ messagesPerConnection: 2 });
    const client = await RawClient.ready(relay);
    await client.sendMail();
    await client.sendMail();

    client.lines(...ENVELOPE);

    expect(await client.closed()).toBe(
      '421 Maximum number of messages per connection reached\r\n',
    );
    expect(relay.connections[0]).toMatchObject({ mails: 3, accepted: 2 });
  });

  it('is kept by closing at the first MAIL above it', async () => {
    relay = await FakeSendGrid.start({
      messagesPerConnection: 1,
      atCap: 'close-at-mail',
    });
    const client = await RawClient.ready(relay);
    await client.sendMail();

    client.lines(...ENVELOPE);

    expect(await client.closed()).toBe('');
    expect(relay.connections[0]).toMatchObject({ mails: 2, accepted: 1 });
  });

  it('is kept by closing after the last dot below it', async () => {
    relay = await FakeSendGrid.start({
      messagesPerConnection: 2,
      atCap: 'close-after-dot',
    });
    const client = await RawClient.ready(relay);
    await client.sendMail();
    for (const command of ENVELOPE) await client.say(command);

    client.lines(BODY, ...ENVELOPE);

    expect(await client.closed()).toMatch(/^250 Ok: queued as [\w-]{22}\r\n$/);
    expect(relay.connections[0]).toMatchObject({ mails: 2, accepted: 2 });
  });

  it('holds for each connection by itself', async () => {
    relay = await FakeSendGrid.start({ messagesPerConnection: 1 });

    const first = await (await RawClient.ready(relay)).sendMail();
    const second = await (await RawClient.ready(relay)).sendMail();

    expect([first, second]).toEqual([
      expect.stringMatching(QUEUED),
      expect.stringMatching(QUEUED),
    ]);
    expect(relay.connections.map(({ accepted }) => accepted)).toEqual([1, 1]);
  });
});

describe('the bound on connections', () => {
  let relay: FakeSendGrid;
  afterEach(() => relay.stop());

  it.each(['starttls', 'implicit'] as const)(
    'turns away what is above it with a 421 (%s)',
    async (security) => {
      relay = await FakeSendGrid.start({ maxConnections: 2, security });
      await RawClient.ready(relay);
      await RawClient.ready(relay);

      const third = await RawClient.connect(relay);

      expect(await third.closed()).toBe(
        '421 Too many concurrent SMTP connections\r\n',
      );
      expect(relay.counters).toMatchObject({
        connections: 2,
        open: 2,
        maxOpen: 2,
        refused: 1,
        greeted: 2,
      });
    },
  );

  it.each(['starttls', 'implicit'] as const)(
    'has room again after a 221 (%s)',
    async (security) => {
      relay = await FakeSendGrid.start({ maxConnections: 1, security });
      const first = await RawClient.ready(relay);

      await first.say('QUIT');
      const second = await RawClient.connect(relay);

      expect(await second.replies(1)).toEqual([expect.stringMatching(/^220 /)]);
      expect(relay.connections[0]?.state).toBe('quit');
      expect(relay.counters).toMatchObject({ quits: 1, closedWithoutQuit: 0 });
    },
  );

  it.each(['starttls', 'implicit'] as const)(
    'has room again once a client has left without QUIT (%s)',
    async (security) => {
      relay = await FakeSendGrid.start({ maxConnections: 1, security });
      const first = await RawClient.ready(relay);

      first.destroy();
      await relay.waitUntil(({ open }) => open === 0);
      const second = await RawClient.connect(relay);

      expect(await second.replies(1)).toEqual([expect.stringMatching(/^220 /)]);
      expect(relay.connections[0]?.state).toBe('lost');
      expect(relay.counters).toMatchObject({ quits: 0, closedWithoutQuit: 1 });
    },
  );

  it('counts a connection that the relay closes as closed, not lost', async () => {
    relay = await FakeSendGrid.start();
    relay.fail('mail', '421 Bye');
    const client = await RawClient.ready(relay);

    await client.say('MAIL FROM:<a@example.com>');
    await relay.waitUntil(({ open }) => open === 0);

    expect(relay.connections[0]?.state).toBe('closed');
    expect(relay.counters).toMatchObject({ quits: 0, closedWithoutQuit: 0 });
  });
});
