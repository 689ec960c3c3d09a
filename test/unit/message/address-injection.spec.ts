import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';

import type { MailMessage } from '../../../lib/message/mail-message.js';
import { compose, plain } from './compose.js';
import { refusalOf } from './refusal.js';

const BREAKS = ['\r\n', '\n', '\r', '\0'];
const FIELDS = ['from', 'sender', 'to', 'cc', 'bcc', 'replyTo'] as const;

function evil(lineBreak: string): string {
  return `b@y.com${lineBreak}Bcc: evil@z.com`;
}

function forms(address: string): [string, MailMessage['to']][] {
  return [
    ['a string', address],
    ['a list', ['a@x.example', address]],
    ['a nested list', ['a@x.example', [['c@x.example', [address]]]]],
    ['an address object', { name: 'B', address }],
    ['an email object', { name: 'B', email: address }],
    ['a group', { name: 'G', group: [{ address }] }],
    ['a group of strings', { name: 'G', group: ['a@x.example', address] }],
    [
      'a group in a group',
      { name: 'G', group: [{ name: 'H', group: [address] }] },
    ],
    ['a group as a string', `G: a@x.example, ${address};`],
    ['a name in a string', `"Name ${address}" <b@y.com>`],
  ];
}

describe.each(BREAKS.map((b) => [JSON.stringify(b), b]))(
  'an address with %s',
  (_label, lineBreak) => {
    for (const [form, value] of forms(evil(lineBreak))) {
      it.each(FIELDS)(`is refused in \`%s\` as ${form}`, async (field) => {
        const error = await refusalOf(() => compose(plain({ [field]: value })));

        expect(error.message).toContain(`\`${field}`);
        expect(error.message).not.toMatch(/[\r\n\0]/);
      });

      it.each(['from', 'to', 'cc', 'bcc'] as const)(
        `is refused in \`envelope.%s\` as ${form}`,
        async (field) => {
          const envelope = {
            from: 'a@x.example',
            to: 'b@x.example',
            [field]: value,
          };

          const error = await refusalOf(() => compose(plain({ envelope })));

          expect(error.message).toContain(`\`envelope.${field}\``);
        },
      );

      it.each(['To', 'cc', 'BCC', 'from', 'SENDER', 'reply-To', ' t o:'])(
        `is refused in the header "%s" as ${form}`,
        async (key) => {
          for (const headers of [
            { [key]: value },
            { key, value },
            [{ key, value }],
            [{ key, value: [value] }],
          ]) {
            expect(
              await refusalOf(() => compose(plain({ headers }))),
            ).toHaveProperty('code', 'INVALID_MESSAGE');
            expect(
              await refusalOf(() =>
                compose(plain({ attachments: [{ content: 'x', headers }] })),
              ),
            ).toHaveProperty('code', 'INVALID_MESSAGE');
          }
        },
      );
    }
  },
);

describe('the error for an address', () => {
  it('shows a short piece of the value and no key', async () => {
    const secret = 'SG.abcdefghijklmnop.qrstuvwxyz';

    const long = await refusalOf(() =>
      compose(plain({ to: `${'a'.repeat(500)}@x.example\r\n` })),
    );
    const key = await refusalOf(() => compose(plain({ to: `${secret}\r\n` })));

    expect(long.message.length).toBeLessThan(200);
    expect(key.message).not.toContain('abcdef');
  });

  it('shows nothing that is invisible or turns the text around', async () => {
    const to = '\u202e\u2066a\u200b\ufeff\u2028\u0085b@x.example\n';

    const error = await refusalOf(() => compose(plain({ to })));

    expect(error.message).toContain('"??a????b@x.example?"');
  });
});

describe('a display name', () => {
  it('with line breaks becomes one line of one From', async () => {
    const tree = await compose(
      plain({
        from: {
          name: 'Shop\r\nBcc: evil@z.com\r\n\r\n<p>',
          address: 'shop@shop.example',
        },
        to: { name: 'Ann\nX-SMTPAPI: {}', email: 'ann@example.com' },
        subject: 'Hi\r\nSubject: two\r\nBcc: evil@z.com\0',
      }),
    );
    const mail = await PostalMime.parse(await tree.build());
    const named = (name: string): string[] =>
      mail.headers.filter(({ key }) => key === name).map(({ value }) => value);

    expect(named('subject')).toHaveLength(1);
    expect(named('from')).toHaveLength(1);
    expect(named('bcc')).toEqual([]);
    expect(named('x-smtpapi')).toEqual([]);
    expect(mail.subject).toBe('Hi Subject: two Bcc: evil@z.com');
    expect(mail.from?.address).toBe('shop@shop.example');
    expect(mail.to?.[0]?.address).toBe('ann@example.com');
    expect(tree.getEnvelope().to).toEqual(['ann@example.com']);
  });

  it('never adds a recipient or a header, whatever it holds', async () => {
    const nasty = fc.string({
      unit: fc.constantFrom(...'ab:;,<>@"\\() \r\n\0\té'),
      maxLength: 40,
    });

    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (name, subject) => {
        const tree = await compose(
          plain({
            to: { name, email: 'ann@example.com' },
            cc: { name, group: [{ name, address: 'bob@example.com' }] },
            subject,
          }),
        );
        const headers = (await tree.build()).toString().split('\r\n\r\n')[0];
        const names = headers
          ?.split('\r\n')
          .filter((line) => !/^[ \t]/.test(line))
          .map((line) => line.split(':')[0]);

        expect(tree.getEnvelope().to).toEqual([
          'ann@example.com',
          'bob@example.com',
        ]);
        expect(new Set(names).size).toBe(names?.length);
      }),
      { numRuns: 300 },
    );
  });
});
