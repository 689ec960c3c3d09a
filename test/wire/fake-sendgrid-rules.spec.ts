import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { ENVELOPE, RawClient } from './fake-sendgrid-client.js';

const SENDER_IDENTITY =
  '550 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see the Sender Identity requirements';

describe("SendGrid's rules for a message", () => {
  let relay: FakeSendGrid;
  afterEach(() => relay.stop());

  it.each([
    'RCPT TO:<hvidløg@example.com>',
    'RCPT TO:<b@exämple.com>',
    'RCPT TO:<>',
    'RCPT TO:<b>',
    'RCPT TO:b@example.com',
    'RCPT TO:<b c@example.com>',
  ])('refuses the recipient of "%s"', async (command) => {
    relay = await FakeSendGrid.start();
    const client = await RawClient.ready(relay);
    await client.say('MAIL FROM:<a@example.com>');

    expect(await client.say(command)).toBe('501 Recipient syntax error');
    expect(relay.counters.rejected).toBe(1);
  });

  it.each(['MAIL FROM:<å@example.com>', 'MAIL FROM:<a>', 'MAIL FROM:a@b.c'])(
    'refuses the sender of "%s"',
    async (command) => {
      relay = await FakeSendGrid.start();
      const client = await RawClient.ready(relay);

      expect(await client.say(command)).toBe('501 Sender syntax error');
    },
  );

  it('keeps recipients as they were sent, and those it accepted only', async () => {
    relay = await FakeSendGrid.start();
    const client = await RawClient.ready(relay);
    await client.say('MAIL FROM:<>');
    await client.say('RCPT TO:<B@xn--exmple-cua.com>');
    await client.say('RCPT TO:<ø@example.com>');
    await client.say('DATA');
    await client.say('Subject: x\r\n\r\nx\r\n.');

    expect(relay.messages[0]?.envelope).toEqual({
      from: '',
      to: ['B@xn--exmple-cua.com'],
    });
  });

  it('refuses commands out of order', async () => {
    relay = await FakeSendGrid.start();
    const client = await RawClient.ready(relay);

    expect(await client.say('RCPT TO:<b@example.com>')).toMatch(/^503 /);
    expect(await client.say('DATA')).toMatch(/^503 /);
    expect(await client.say('MAIL FROM:<a@example.com>')).toMatch(/^250 /);
    expect(await client.say('MAIL FROM:<a@example.com>')).toMatch(/^503 /);
    expect(await client.say('DATA')).toMatch(/^503 /);
    expect(await client.say('RSET')).toMatch(/^250 /);
    expect(await client.say('RCPT TO:<b@example.com>')).toMatch(/^503 /);
  });

  it('takes the parameters that it offered and no others', async () => {
    relay = await FakeSendGrid.start();
    const client = await RawClient.ready(relay);
    const mail = 'MAIL FROM:<a@example.com>';

    expect(await client.say(`${mail} SIZE=10 BODY=8BITMIME`)).toMatch(/^250 /);
    expect(await client.say('RCPT TO:<b@example.com> NOTIFY=NEVER')).toMatch(
      /^555 /,
    );
    await client.say('RSET');
    expect(await client.say(`${mail} SMTPUTF8`)).toMatch(/^555 /);
  });

  it('does not take a parameter whose capability is hidden', async () => {
    relay = await FakeSendGrid.start({ hide: ['SIZE', '8BITMIME'] });
    const client = await RawClient.ready(relay);
    const mail = 'MAIL FROM:<a@example.com>';

    expect(await client.say(`${mail} SIZE=10`)).toMatch(/^555 /);
    expect(await client.say(`${mail} BODY=8BITMIME`)).toMatch(/^555 /);
  });

  it('refuses a message that announces too many bytes', async () => {
    relay = await FakeSendGrid.start({ size: 1000 });
    const client = await RawClient.ready(relay);

    expect(await client.say('MAIL FROM:<a@example.com> SIZE=1001')).toMatch(
      /^552 /,
    );
    expect(await client.say('MAIL FROM:<a@example.com> SIZE=1000')).toMatch(
      /^250 /,
    );
  });

  it('refuses a message that has too many bytes, and goes on', async () => {
    relay = await FakeSendGrid.start({ size: 1000 });
    const client = await RawClient.ready(relay);
    const body = (size: number): string => `${'x'.repeat(size - 2)}\r\n.`;

    for (const command of ENVELOPE) await client.say(command);
    expect(await client.say(body(1001))).toMatch(/^552 /);
    for (const command of ENVELOPE) await client.say(command);
    expect(await client.say(body(1000))).toMatch(/^250 Ok/);
    expect(relay.messages.map(({ raw }) => raw.length)).toEqual([1000]);
  });

  it('refuses a very large message without keeping it', async () => {
    relay = await FakeSendGrid.start({ size: 1000 });
    const client = await RawClient.ready(relay);
    for (const command of ENVELOPE) await client.say(command);

    for (let part = 0; part < 200; part += 1) client.write('x'.repeat(65_536));

    expect(await client.say('\r\n.')).toMatch(/^552 /);
    expect(await client.sendMail()).toMatch(/^250 Ok/);
  });

  it.each([
    ['From: a@example.com', true],
    ['From: "A, B" <A@Example.com>', true],
    ['from:\r\n =?utf-8?Q?=C3=84?=\r\n <x@verified.example>', true],
    ['From: other@example.com', false],
    ['From: a@example.com, other@example.com', false],
    ['From: a@sub.verified.example', false],
    ['Subject: no sender', false],
  ])('holds "%s" against the verified senders', async (header, verified) => {
    relay = await FakeSendGrid.start({
      verifiedSenders: ['a@example.com', 'verified.example'],
    });
    const client = await RawClient.ready(relay);
    for (const command of ENVELOPE) await client.say(command);

    const reply = await client.say(`${header}\r\n\r\nFrom: a@example.com\r\n.`);

    expect(reply.replace(/(queued as ).*/, '$1')).toBe(
      verified ? '250 Ok: queued as ' : SENDER_IDENTITY,
    );
    expect(relay.messages).toHaveLength(verified ? 1 : 0);
  });
});
