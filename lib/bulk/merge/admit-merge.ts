import { isFields, type Fields } from '../../message/header-entries.js';
import { compileFields } from '../../message/x-smtpapi/compile-fields.js';
import { customArgsOf } from '../../message/x-smtpapi/custom-args.js';
import { refused } from '../../message/x-smtpapi/field-checks.js';
import type { XSmtpApi } from '../../message/x-smtpapi/x-smtp-api.js';
import { singleUseField } from './single-use-field.js';

/** The parts of a merge that all of its messages have. */
export interface AdmittedMerge {
  /** The message's fields without those below. */
  readonly fields: Fields;

  /** Its field `sendgrid` without the two that differ from pack to pack. */
  readonly sendgrid: Fields;

  /** What these are in the X-SMTPAPI header. */
  readonly api: XSmtpApi;

  /** The texts for those that have none of their own. */
  readonly substitutions: Fields;

  /** The arguments of all, by name. */
  readonly customArgs: ReadonlyMap<string, string>;
}

const REFUSED: Readonly<Record<string, string>> = {
  to: 'is not for a merge: name everybody in `recipients`.',
  cc: 'is not for a merge: SendGrid sends no copies of what each recipient gets by itself. Add them to `recipients`.',
  bcc: 'is not for a merge: SendGrid sends no copies of what each recipient gets by itself. Add them to `recipients`.',
  envelope: 'is not for a merge: name everybody in `recipients`.',
  raw: 'is not for a merge: nothing can be put into a message that is written already. Give its content in fields.',
};

/**
 * Takes the message of a merge apart.
 *
 * @throws MailError `INVALID_MESSAGE` naming the field
 */
export function admitMerge(message: unknown): AdmittedMerge {
  if (!isFields(message)) throw refused('message', 'must be an object.');
  for (const [field, problem] of Object.entries(REFUSED)) {
    if (isGiven(message[field])) throw refused(field, problem);
  }
  const singleUse = singleUseField(message);
  if (singleUse !== undefined) {
    throw refused(
      singleUse,
      'is a stream, which can be read for the first message of a merge only. ' +
        'Pass a function that opens it.',
    );
  }
  const { recipients, sendgrid: given, ...fields } = message;
  if (!isIterable(recipients)) {
    throw refused(
      'recipients',
      'must be a list, or another iterable or async iterable, of ' +
        '`{ to, substitutions, customArgs }`.',
    );
  }
  const all = given ?? {};
  if (!isFields(all)) throw refused('sendgrid', 'must be an object.');
  const { substitutions, customArgs, ...sendgrid } = all;
  if (isGiven(sendgrid['sendEachAt'])) {
    throw refused(
      'sendgrid.sendEachAt',
      'is not for a merge, whose messages are made as its recipients come. ' +
        'Use `sendAt`.',
    );
  }
  return {
    fields,
    sendgrid,
    api: compileFields(sendgrid, 'sendgrid').api,
    substitutions: fieldsOf(substitutions, 'sendgrid.substitutions'),
    customArgs: new Map(
      Object.entries(customArgsOf(customArgs ?? {}, 'sendgrid.customArgs')),
    ),
  };
}

function fieldsOf(value: unknown, path: string): Fields {
  const given = value ?? {};
  if (isFields(given)) return given;
  throw refused(path, 'must be an object.');
}

function isIterable(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (Symbol.iterator in value || Symbol.asyncIterator in value)
  );
}

function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '';
}
