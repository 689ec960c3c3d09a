import { createTransport } from 'nodemailer';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { BODY, RawClient, base64, plain } from './fake-sendgrid-client.js';

const EHLO_LINES = [
  '250-smtp.sendgrid.net',
  '250-8BITMIME',
  '250-PIPELINING',
  '250-SIZE 31457280',
  '250-STARTTLS',
  '250-AUTH PLAIN LOGIN',
  '250 AUTH=PLAIN LOGIN',
];
const EHLO = EHLO_LINES.join('\n');
const EHLO_WITHOUT_STARTTLS = EHLO.replace('250-STARTTLS\n', '');
const QUEUED = /^250 Ok: queued as ([\w-]{22})$/;

describe('the conversation with FakeSendGrid', () => {
  let relay: FakeSendGrid;
  afterEach(() => relay.stop());

  it('is the recorded one, line by line, on a STARTTLS port', async () => {
    relay = await FakeSendGrid.start();
    const client = await RawClient.connect(relay);

    expect(await client.replies(1)).toEqual([
      '220 SG ESMTP service ready at geopod-ismtpd-6-0',
    ]);
    expect(await client.say('EHLO client.example.com')).toBe(EHLO);
    expect(await client.say('STARTTLS')).toBe('220 Begin TLS negotiation now');
    await client.secure({ ca: relay.ca, servername: 'localhost' });
    expect(await client.say('EHLO client.example.com')).toBe(EHLO);
    expect(await client.say('AUTH LOGIN')).toBe('334 VXNlcm5hbWU6');
    expect(await client.say(base64('apikey'))).toBe('334 UGFzc3dvcmQ6');
    expect(await client.say(base64(relay.options.apiKey))).toBe(
      '235 Authentication successful',
    );
    expect(await client.say('MAIL FROM:<a@example.com>')).toBe(
      '250 Sender address accepted',
    );
    expect(await client.say('RCPT TO:<b@example.com>')).toBe(
      '250 Recipient address accepted',
    );
    expect(await client.say('DATA')).toBe('354 Continue');
    expect(await client.say(BODY)).toMatch(QUEUED);
    expect(await client.say('QUIT')).toBe('221 See you later');
    expect(await client.closed()).toBe('');
  });

  it('offers no STARTTLS under implicit TLS', async () => {
    relay = await FakeSendGrid.start({ security: 'implicit' });
    const client = await RawClient.connect(relay);

    await client.replies(1);

    expect(await client.say('EHLO x')).toBe(EHLO_WITHOUT_STARTTLS);
    expect(await client.say('STARTTLS')).toMatch(/^500 /);
  });

  it('offers no STARTTLS without any TLS', async () => {
    relay = await FakeSendGrid.start({ security: 'none' });
    const client = await RawClient.connect(relay);

    await client.replies(1);

    expect(await client.say('EHLO x')).toBe(EHLO_WITHOUT_STARTTLS);
  });

  it('leaves out the capabilities that are hidden', async () => {
    relay = await FakeSendGrid.start({
      hide: ['PIPELINING', 'SIZE', '8BITMIME', 'STARTTLS', 'AUTH'],
    });
    const client = await RawClient.connect(relay);

    await client.replies(1);

    expect(await client.say('EHLO x')).toBe('250 smtp.sendgrid.net');
  });

  it('answers HELO, NOOP, RSET and what it does not know', async () => {
    relay = await FakeSendGrid.start();
    const client = await RawClient.connect(relay);

    await client.replies(1);

    expect(await client.say('HELO x')).toBe('250 smtp.sendgrid.net');
    expect(await client.say('NOOP')).toMatch(/^250 /);
    expect(await client.say('RSET')).toMatch(/^250 /);
    expect(await client.say('FOO')).toMatch(/^500 /);
    expect(await client.say('EHLO')).toMatch(/^501 /);
    expect(await client.say('EHLO two names')).toMatch(/^501 /);
  });

  it('refuses a line without an end and closes', async () => {
    relay = await FakeSendGrid.start();
    const client = await RawClient.connect(relay);
    await client.replies(1);

    client.write('x'.repeat(20_000));

    expect(await client.closed()).toBe('500 Line too long\r\n');
  });

  it('greets without a delay', async () => {
    relay = await FakeSendGrid.start();
    const start = performance.now();

    for (let round = 0; round < 20; round += 1) {
      const client = await RawClient.connect(relay);
      await client.replies(1);
      client.destroy();
    }

    // smtp-server on its own takes 100 ms for each.
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it('queues under ids of the shape that SendGrid uses', async () => {
    relay = await FakeSendGrid.start();
    const client = await RawClient.ready(relay);

    const [, id = ''] = QUEUED.exec(await client.sendMail()) ?? [];
    const other = await client.sendMail();

    expect(Buffer.from(id, 'base64url')).toHaveLength(16);
    expect(Buffer.from(id, 'base64url').toString('hex')[12]).toBe('4');
    expect(relay.messages[0]?.id).toBe(id);
    expect(other).not.toContain(id);
  });

  it.each(['starttls', 'implicit', 'none'] as const)(
    "holds with nodemailer's own transport (%s)",
    async (security) => {
      relay = await FakeSendGrid.start({ security });
      const { apiKey, host, port, tls } = relay.options;
      const transport = createTransport({
        host,
        port,
        tls,
        secure: security === 'implicit',
        requireTLS: security === 'starttls',
        ignoreTLS: security === 'none',
        auth: { user: 'apikey', pass: apiKey },
      });

      const info = await transport.sendMail({
        from: 'Shop <a@example.com>',
        to: ['b@example.com', 'c@example.com'],
        subject: 'Grüße',
        text: '.\n..\nlast',
      });

      const [message] = relay.messages;
      expect(info.response).toBe(`250 Ok: queued as ${message?.id}`);
      expect(message).toMatchObject({
        envelope: {
          from: 'a@example.com',
          to: ['b@example.com', 'c@example.com'],
        },
        from: { name: 'Shop', address: 'a@example.com' },
        subject: 'Grüße',
        text: '.\n..\nlast\n',
      });
      expect(relay.counters.tlsHandshakes).toBe(security === 'none' ? 0 : 1);
    },
  );

  it('goes on until the idle time is over, then says so and closes', async () => {
    relay = await FakeSendGrid.start({ idleTimeoutMs: 30 });
    const client = await RawClient.connect(relay);
    await client.replies(1);

    expect(await client.closed()).toBe(
      '421 Timeout waiting for data from client\r\n',
    );
  });

  it('accepts AUTH PLAIN with and without an initial response', async () => {
    relay = await FakeSendGrid.start();
    const { apiKey } = relay.options;
    const first = await RawClient.connect(relay);
    await first.replies(1);
    await first.say('EHLO x');
    const second = await RawClient.connect(relay);
    await second.replies(1);
    await second.say('EHLO x');

    expect(await first.say(plain('apikey', apiKey))).toMatch(/^235 /);
    expect(await second.say('AUTH PLAIN')).toBe('334');
    expect(await second.say(base64(`\0apikey\0${apiKey}`))).toMatch(/^235 /);
  });
});
