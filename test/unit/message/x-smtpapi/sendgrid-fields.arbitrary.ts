import fc from 'fast-check';

import type { SendGridFields } from '../../../../lib/message/x-smtpapi/sendgrid-fields.js';
import { dictionary, text } from './x-smtp-api.arbitrary.js';

const TO = ['ada@example.com', 'bob@example.com', 'carol@example.com'] as const;

/** Fields of a message, whom it is to, and what SendGrid must read. */
export interface FieldsAndHeader {
  readonly to: readonly string[];
  readonly sendgrid: SendGridFields;
  readonly smtpApi: object;
}

const category = text.filter(({ length }) => length >= 1 && length <= 255);
const args = dictionary(text).filter(
  (entries) => !Object.keys(entries).some(isTaken),
);
const tag = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  // oxlint-disable-next-line no-control-regex -- as tags may not hold them
  .filter((name) => !/[\s<>&\x00-\x1f\x7f]/.test(name));

function isTaken(name: string): boolean {
  return name === '' || name === 'mail_id';
}

const shared = fc.record({
  category: fc.array(category, { maxLength: 10 }),
  unique_args: args,
  footer: fc.record({ text, html: text }),
});

/** Names with every kind of letter, in the form in which they are written. */
const shownName = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .map((name) => name.replace(/[()<>[\]:;@\\,."]/g, '').trim())
  .filter((name) => !/[\r\n\0]/.test(name));

/** To each of several recipients, with texts of every kind. */
export const fieldsToEach: fc.Arbitrary<FieldsAndHeader> = fc
  .integer({ min: 1, max: TO.length })
  .chain((count) =>
    fc.record({
      api: shared,
      names: fc.array(shownName, { minLength: count, maxLength: count }),
      sub: fc.dictionary(
        tag,
        fc.array(text, { minLength: count, maxLength: count }),
        { minKeys: 1, maxKeys: 3, noNullPrototype: true },
      ),
    }),
  )
  .map(({ api, names, sub }) => {
    const to = names.map((name, n) =>
      name === '' ? `${TO[n]}` : `${name} <${TO[n]}>`,
    );
    const { sendgrid, smtpApi } = fieldsOf(api);
    return {
      to,
      sendgrid: { ...sendgrid, substitutions: sub },
      smtpApi: { ...smtpApi, to, sub },
    };
  });

/** To one recipient, without a list. */
export const fieldsToOne: fc.Arbitrary<FieldsAndHeader> = shared.map((api) => ({
  to: [TO[0]],
  ...fieldsOf(api),
}));

function fieldsOf(
  api: typeof shared extends fc.Arbitrary<infer T> ? T : never,
): Pick<FieldsAndHeader, 'sendgrid' | 'smtpApi'> {
  const { category: categories, unique_args: customArgs, footer } = api;
  const settings = {
    enable: 1,
    'text/plain': footer.text,
    'text/html': footer.html,
  };
  return {
    sendgrid: {
      categories,
      customArgs,
      mailSettings: { footer: { enable: true, ...footer } },
    },
    smtpApi: {
      category: categories,
      unique_args: customArgs,
      filters: { footer: { settings } },
    },
  };
}
