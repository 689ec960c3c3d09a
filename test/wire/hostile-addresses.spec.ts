import { describe, expect, it } from 'vitest';
import type { MailMessage } from 'nestjs-sendgrid-smtp';
import { HOSTILE_RECIPIENTS } from '../support/addresses/hostile-recipients.js';
import {
  headerOf,
  WAYS,
  WaysOut,
  type Way,
} from '../support/addresses/ways-out.js';

const out = new WaysOut();

async function expectRefused(
  way: Way,
  message: MailMessage,
  words: RegExp,
): Promise<void> {
  const before = out.relay.counters;

  await expect(out.send(way, message)).rejects.toMatchObject({
    code: 'INVALID_MESSAGE',
    deliveryState: 'not-sent',
    message: expect.stringMatching(words),
  });

  expect(out.relay.counters).toEqual(before);
  expect(out.received).toEqual([]);
}

describe.each(WAYS)('in `to`, on the way %s', (way) => {
  it.each(HOSTILE_RECIPIENTS)('%s', async (_, to, outcome) => {
    if (outcome instanceof RegExp) {
      return expectRefused(way, { to }, outcome);
    }

    const receipt = await out.send(way, { to });

    expect({
      rcpt: out.received[0]?.envelope.to,
      header: headerOf(out.received[0], 'To'),
    }).toEqual(outcome);
    expect(out.received).toHaveLength(1);
    expect(headerOf(out.received[0], 'Bcc')).toBeUndefined();
    expect(receipt.accepted).toEqual(outcome.rcpt);
    expect(receipt.envelope.to).toEqual(outcome.rcpt);
  });
});

const EVIL = '"evil@z.example"@x.example';

/** Values that no field takes, and the words that they are refused with. */
const BREAKS: readonly [string, MailMessage['to']][] = [
  ['a header', 'a@x.example\r\nBcc: evil@z.example'],
  ['a command', 'a@x.example>\r\nRCPT TO:<evil@z.example'],
  ['LF', 'a@x.example\nX-SMTPAPI: {}'],
  ['CR', '\ra@x.example'],
  ['NUL', 'a@x.example\0'],
  ['a line break in a name', 'Ada\n <a@x.example>'],
  ['a line break in a group', 'G\r\n: a@x.example;'],
  ['a line break in an object', { address: 'a@x.example\n' }],
  ['a line break in a list', ['a@x.example', 'b@y.example\n']],
];

function withField(field: string, value: unknown): MailMessage {
  const [outer = '', inner] = field.split('.');
  const message: MailMessage = { bcc: 'ada@example.net' };
  const envelope = { from: 'shop@shop.example', to: 'ada@example.net' };
  if (inner === undefined) return { ...message, [outer]: value };
  const around = outer === 'envelope' ? envelope : {};
  return { ...message, [outer]: { ...around, [inner]: value } };
}

describe.each(WAYS)('in the other fields, on the way %s', (way) => {
  const enveloped = ['from', 'cc', 'bcc', 'envelope.from', 'envelope.to'];
  const inHeaders = ['headers.To', 'headers.cc', 'headers.Reply-To'];
  const fields = [...enveloped, 'sender', 'replyTo', ...inHeaders];

  it.each(fields)('line breaks in `%s` are refused', async (field) => {
    for (const [, value] of BREAKS) {
      await expectRefused(way, withField(field, value), /line break or NUL/);
    }
  });

  it.each([...enveloped, 'headers.cc'])(
    'a quoted address in `%s` is refused',
    async (field) => {
      for (const value of [EVIL, `<${EVIL}>`, { address: EVIL }, [EVIL]]) {
        const message = withField(field, value);

        await expectRefused(way, message, /is not a plain address/);
      }
    },
  );

  it.each([
    ['sender', 'Sender'],
    ['replyTo', 'Reply-To'],
    ['headers.Reply-To', 'Reply-To'],
  ])('a quoted address in `%s` stays one', async (field, header) => {
    await out.send(way, withField(field, EVIL));

    expect(headerOf(out.received[0], header)).toBe(`<${EVIL}>`);
    expect(out.received[0]?.envelope).toEqual({
      from: 'shop@shop.example',
      to: ['ada@example.net'],
    });
  });

  it.each(fields)('a non-ASCII local part in `%s` is refused', (field) =>
    expectRefused(way, withField(field, 'jürgen@x.example'), /SMTPUTF8/),
  );

  it('the name of a sender adds no header', async () => {
    const name = 'Shop\r\nBcc: evil@z.example\r\n\r\nHi';

    await out.send(way, {
      from: { name, address: 'shop@shop.example' },
      to: 'ada@example.net',
      replyTo: { name, email: 'help@shop.example' },
    });

    const [message] = out.received;
    expect(headerOf(message, 'Bcc')).toBeUndefined();
    expect(message?.from).toEqual({
      name: 'Shop Bcc: evil@z.example Hi',
      address: 'shop@shop.example',
    });
    expect(message?.text).toBe('Hi\n');
  });

  it('the first of several addresses in `from` is the sender', async () => {
    const from = 'Shop <shop@shop.example>, "evil@z.example" <b@y.example>';

    await out.send(way, { from, to: 'ada@example.net' });

    expect(out.received[0]?.envelope.from).toBe('shop@shop.example');
    expect(headerOf(out.received[0], 'From')).toBe(from);
  });
});

describe('a list of more recipients than `maxRecipients`', () => {
  // Under a transporter of its own, nodemailer refuses it by itself.
  it.each(['direct', 'tree'] as const)('is refused, %s', async (way) => {
    const message = { to: 'a@x.example, b@x.example', maxRecipients: 1 };

    await expectRefused(way, message, /more recipients than `maxRecipients`/);
  });

  it('is refused, 100,000 where it is not set', async () => {
    const to = Array.from({ length: 100_001 }, (_, n) => `${n}@x.example`);

    await expectRefused('direct', { to }, /more recipients than/);
  });
});
