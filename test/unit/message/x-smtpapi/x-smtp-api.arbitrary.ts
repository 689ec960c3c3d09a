import fc from 'fast-check';

import type { XSmtpApi } from '../../../../lib/message/x-smtpapi/x-smtp-api.js';

/** Any UTF-16 unit, lone surrogates among them. */
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0xd800, max: 0xdfff }),
);
const words = fc.constantFrom(
  '',
  ' ',
  '   ',
  'a  b',
  ' a',
  'a ',
  '\\',
  '\\ "',
  '\r\n',
  '\r\nBcc: evil@x.example\r\n\r\n',
  '{"a":[1, 2]}',
  '",":"',
  '\ud800',
  '\udfff and',
  '😀 Größe',
  '\u2028',
  '__proto__',
  'mail_id',
);

/** Strings of every kind, none so long that it cannot be folded. */
export const text = fc
  .array(
    fc.oneof(
      words,
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc
        .array(unit, { maxLength: 30 })
        .map((units) => String.fromCharCode(...units)),
      fc.constantFrom('x'.repeat(60), 'word '.repeat(40), ' '.repeat(90)),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''));

const whole = fc.integer();
export const dictionary = <T>(
  value: fc.Arbitrary<T>,
): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(text, value, { maxKeys: 5, noNullPrototype: true });

/** Anything that an X-SMTPAPI header can hold. */
export const xSmtpApi: fc.Arbitrary<XSmtpApi> = fc.record(
  {
    to: fc.array(text, { maxLength: 8 }),
    sub: dictionary(fc.array(text, { maxLength: 4 })),
    category: fc.oneof(text, fc.array(text, { maxLength: 10 })),
    unique_args: dictionary(text),
    filters: dictionary(
      fc.record({
        settings: dictionary(
          fc.oneof(
            text,
            fc.boolean(),
            fc
              .double({ noNaN: true, noDefaultInfinity: true })
              .map((n) => n + 0),
          ),
        ),
      }),
    ),
    asm_group_id: whole,
    asm_groups_to_display: fc.array(whole, { maxLength: 25 }),
    send_at: whole,
    send_each_at: fc.array(whole, { maxLength: 8 }),
    batch_id: text,
    ip_pool: text,
  },
  { requiredKeys: [] },
);
