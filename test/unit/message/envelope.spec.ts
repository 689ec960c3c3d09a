import { describe, expect, it } from 'vitest';

import { envelopeOf } from '../../../lib/message/envelope.js';
import type { MailMessage } from '../../../lib/message/mail-message.js';
import { serialize } from '../../../lib/message/serialize.js';
import type { Envelope } from '../../../lib/smtp/envelope.js';
import { LIMITS, compose, plain } from './compose.js';
import { refusalOf } from './refusal.js';

async function envelope(fields: MailMessage): Promise<Envelope> {
  return envelopeOf(await compose(plain(fields)));
}

describe('envelopeOf', () => {
  it('holds the From and every recipient once', async () => {
    const to = ['a@x.example', 'A <a@x.example>'];

    expect(
      await envelope({ to, cc: 'b@x.example', bcc: 'c@x.example' }),
    ).toEqual({
      from: 'shop@shop.example',
      to: ['a@x.example', 'b@x.example', 'c@x.example'],
    });
  });

  it('prefers an envelope that was given', async () => {
    const given = { from: 'bounce@shop.example', to: 'x@x.example' };

    expect(await envelope({ envelope: given })).toEqual({
      from: 'bounce@shop.example',
      to: ['x@x.example'],
    });
  });

  it('turns domains into A-labels', async () => {
    expect(
      await envelope({ from: 'shop@bücher.example', to: 'a@jõgeva.ee' }),
    ).toEqual({
      from: 'shop@xn--bcher-kva.example',
      to: ['a@xn--jgeva-dua.ee'],
    });
  });

  it.each<[string, MailMessage]>([
    ['without From', { from: null }],
    ['with From without an address', { from: ':;' }],
    [
      'with Sender and Reply-To only',
      { from: null, sender: 'a@x.example', replyTo: 'a@x.example' },
    ],
    [
      'with a From in the envelope only',
      { from: null, envelope: { from: 'a@x.example', to: 'b@x.example' } },
    ],
    ['with an envelope without From', { envelope: { to: 'b@x.example' } }],
    [
      'with the null sender',
      { envelope: { from: false as never, to: 'b@x.example' } },
    ],
  ])('refuses a message %s', async (_label, fields) => {
    const error = await refusalOf(() => envelope(fields));

    expect(error.message).toContain('From');
  });

  it.each<[string, MailMessage]>([
    ['without To', { to: null }],
    ['with an empty list', { to: [] }],
    ['with an empty group', { to: 'undisclosed-recipients:;' }],
    ['with an envelope without To', { envelope: { from: 'a@x.example' } }],
  ])('refuses a message %s', async (_label, fields) => {
    const error = await refusalOf(() => envelope(fields));

    expect(error.message).toContain('recipient');
  });

  it('takes a raw message with an envelope', async () => {
    const raw = 'From: a@x.example\r\n\r\nbody';

    expect(
      await envelope({
        from: null,
        to: null,
        raw,
        envelope: { from: 'a@x.example', to: 'b@x.example' },
      }),
    ).toEqual({ from: 'a@x.example', to: ['b@x.example'] });
  });

  it.each([
    'a@x.example',
    'a.b+c@sub.x.example',
    '"a..b"@x.example',
    '"a."@x.example',
    "o'neil@x-y.example",
    'a@localhost',
    `${'a'.repeat(64)}@x.example`,
    `a@${'b'.repeat(63)}.example`,
  ])('takes %s', async (address) => {
    expect((await envelope({ to: { address } })).to).toEqual([address]);
  });

  it.each([
    ['SMTPUTF8', 'jürgen@x.example'],
    ['SMTPUTF8', 'jürgen@bücher.example'],
    ['IP address', 'a@[127.0.0.1]'],
    ['IP address', 'a@[IPv6:::1]'],
    ['IP address', 'a@192.0.2.1'],
    ['IP address', 'a@0x7f.1'],
    ['IP address', 'a@2130706433'],
    ['IP address', 'a@x.1'],
    ['plain', '"a b"@x.example'],
    ['plain', '"a@evil.example"@x.example'],
    ['plain', 'a@evil.example@x.example'],
    ['plain', 'a b@x.example'],
    ['plain', 'a<b@x.example'],
    ['plain', '"a\\"b"@x.example'],
    ['plain', '"a\tb"@x.example'],
    ['domain', 'a@'],
    ['domain', 'a@x..example'],
    ['domain', 'a@x.example.'],
    ['domain', 'a@-x.example'],
    ['domain', 'a@x example'],
    ['domain', 'a@x.example>SIZE=1'],
    ['domain', `a@${'b'.repeat(64)}.example`],
    ['64', `${'a'.repeat(65)}@x.example`],
    ['254', `a@${'b.'.repeat(130)}example`],
    ['local part', '@x.example'],
    ['local part', 'root'],
  ])('refuses, naming %s: %s', async (word, address) => {
    const error = await refusalOf(() => envelope({ to: { address } }));

    expect(error.message).toContain(word);
  });

  it.each(['from', 'replyTo', 'sender'] as const)(
    'leaves a non-ASCII `%s` to the check of the headers',
    async (field) => {
      const tree = await compose(
        plain({
          [field]: 'jürgen@x.example',
          envelope: { from: 'a@x.example', to: 'b@x.example' },
        }),
      );

      const error = await refusalOf(async () => serialize(tree, LIMITS));

      expect(error.message).toContain('SMTPUTF8');
    },
  );

  it('checks long addresses in linear time', async () => {
    const address = `${'a.'.repeat(500_000)}@${'b-'.repeat(500_000)}`;

    expect(await refusalOf(() => envelope({ to: { address } }))).toHaveProperty(
      'code',
      'INVALID_MESSAGE',
    );
  });
});
