import fc from 'fast-check';
import addressparser from 'nodemailer/lib/addressparser';
import { domainToASCII } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isMailError } from 'nestjs-sendgrid-smtp';
import { WAYS, WaysOut } from '../support/addresses/ways-out.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.info(`seed ${SEED} (set SEED to repeat)`);

const out = new WaysOut();

const FROM = 'shop@shop.example';

const MAILBOXES = [
  'a@x.example',
  'B@X.EXAMPLE',
  'c@bücher.example',
  '"d..d"@x.example',
  '<e@y.example>',
  'Ada <f@y.example>',
  '"Ada, f@z.example" <f@y.example>',
  'G: g@x.example, <h@x.example>;',
  'i@x.example (Ada)',
];
const NASTY = [
  ...'<>@"\\(),:;[]\'. \t%-aBé',
  '\u200b',
  '\u202e',
  '\ufeff',
  '\u2028',
  '\u0001',
  '\u007f',
  '\r\n',
  '\n',
  '\r',
  '\0',
  '=?utf-8?q?=40?=',
  'x.example',
  'G: ',
];
const nasty = fc.constantFrom(...NASTY);
const mailbox = fc.constantFrom(...MAILBOXES);
const list = fc.array(mailbox, { maxLength: 4 }).map((all) => all.join(', '));
const pieces = fc.array(fc.oneof(mailbox, nasty), { maxLength: 6 });
// Somewhere in a list that is well-formed.
const oddList = fc
  .tuple(list, nasty, fc.nat(40))
  .map(([all, odd, at]) => all.slice(0, at) + odd + all.slice(at));
const text = fc.oneof(
  { weight: 3, arbitrary: list },
  { weight: 3, arbitrary: oddList },
  { weight: 1, arbitrary: pieces.map((all) => all.join('')) },
);
const single = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.record({ name: text, address: text }) },
);
const field = fc.oneof(single, fc.array(single, { maxLength: 3 }));
const message = fc.oneof(
  fc.record({ to: field }),
  fc.record({ to: field, cc: field, bcc: field }),
  fc.record({ from: field, to: mailbox }),
);

type Field = typeof field extends fc.Arbitrary<infer Value> ? Value : never;

/** The addresses that a field names for nodemailer's parser, each in one form. */
function named(value: Field | undefined): string[] {
  return [value ?? ''].flat().flatMap((one) => {
    const mailboxes =
      typeof one === 'string' ? addressparser(one, { flatten: true }) : [one];
    return mailboxes
      .map(({ address }) => oneForm(address))
      .filter((address) => address !== '');
  });
}

/** Without quotes and escapes, its domain in ASCII. */
function oneForm(address: string): string {
  // oxlint-disable-next-line no-control-regex -- nodemailer takes them out too
  const clean = address.replace(/[\x00-\x1f\x7f<>]+/g, ' ').trim();
  const at = clean.lastIndexOf('@');
  const local = clean.slice(0, Math.max(at, 0));
  const unquoted = local.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1');
  return at < 0 ? clean : `${unquoted}@${domainToASCII(clean.slice(at + 1))}`;
}

type Fields = Partial<Record<'from' | 'to' | 'cc' | 'bcc', Field>>;

function expectDelivery(fields: Fields, receipt: unknown): void {
  const [received] = out.received;
  const { from, to } = received?.envelope ?? { from: '', to: [] };
  const recipients = [fields.to, fields.cc, fields.bcc].flatMap(named);
  const [sender = FROM] = named(fields.from);
  expect(out.received).toHaveLength(1);
  expect(receipt).toMatchObject({ envelope: { from, to }, accepted: to });
  expect(new Set(to.map(oneForm))).toEqual(new Set(recipients));
  expect(new Set(to).size).toBe(to.length);
  expect(oneForm(from)).toBe(sender);
  for (const address of [from, ...to]) {
    expect(address).toMatch(/^[!-;=?-~]+$/);
    expect(address.split('@')).toHaveLength(2);
  }
  expect(received?.headers.map(({ key }) => key)).not.toContain('bcc');
}

describe.each(WAYS)('any addresses, on the way %s', (way) => {
  it('reach whom they name, or are refused', async () => {
    let sent = 0;

    await fc.assert(
      fc.asyncProperty(message, async (fields: Fields) => {
        out.relay.clear();
        const { mailFrom, rejected } = out.relay.counters;
        const result = await out.send(way, fields).catch((e: unknown) => e);
        const refused = isMailError(result);

        // As many RCPT commands as the receipt names, since none was refused.
        expect(out.relay.counters).toMatchObject({
          mailFrom: refused ? mailFrom : mailFrom + 1,
          rejected,
        });
        expect(refused ? result.code : 'sent').toMatch(
          /^(?:INVALID_MESSAGE|sent)$/,
        );
        if (refused) return;
        sent += 1;
        expectDelivery(fields, result);
      }),
      { numRuns: 400, seed: SEED },
    );

    // Else the property above would hold of nothing.
    expect(sent).toBeGreaterThan(40);
  });
});
