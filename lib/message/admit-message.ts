import type { SendMailOptions } from 'nodemailer';

import { admitAddresses, onOneLine } from './admit-addresses.js';
import {
  admitAlternatives,
  admitAttachments,
  admitContent,
  admitTextField,
} from './admit-content.js';
import { admitHeaders, admitHeaderValue } from './admit-headers.js';
import { type ContentAccess, NO_ACCESS } from './content-access.js';
import { isFields } from './header-entries.js';
import { invalidMessage } from './invalid-message.js';

type Admission = (
  value: unknown,
  field: string,
  access: ContentAccess,
) => unknown;

const RULES: readonly (readonly [string, Admission])[] = [
  ['from', admitAddresses],
  ['sender', admitAddresses],
  ['to', admitAddresses],
  ['cc', admitAddresses],
  ['bcc', admitAddresses],
  ['replyTo', admitAddresses],
  ['envelope', admitEnvelope],
  ['subject', admitSubject],
  ['messageId', admitMessageId],
  ['inReplyTo', admitHeaderValue],
  ['references', admitHeaderValue],
  ['date', admitHeaderValue],
  ['xMailer', admitHeaderValue],
  ['headers', admitHeaders],
  ['text', admitTextField],
  ['html', admitTextField],
  ['watchHtml', admitTextField],
  ['amp', admitTextField],
  ['icalEvent', admitTextField],
  ['attachments', admitAttachments],
  ['alternatives', admitAlternatives],
  ['raw', admitContent],
  ['normalizeHeaderKey', refuseNormalizer],
];

/**
 * Checks message data before nodemailer parses it, and rewrites its fields
 * into the forms that nodemailer reads. `data` is changed in place, what its
 * fields hold is not: changed values are copies.
 *
 * Of `envelope`, `from`, `to`, `cc` and `bcc` are kept and everything else is
 * left out. What files and URLs may be read comes as functions that open them;
 * nodemailer's own access to them is switched off.
 *
 * @throws MailError `INVALID_MESSAGE` naming the field and what to do
 */
export function admitMessage(
  data: SendMailOptions,
  access: ContentAccess = NO_ACCESS,
): void {
  for (const [field, admit] of RULES) {
    // Message data is whatever the caller passed, so nothing of its type is trusted here.
    const value: unknown = Reflect.get(data, field);
    if (value === undefined) continue;
    const admitted = admit(value, field, access);
    if (admitted !== value) Reflect.set(data, field, admitted);
  }
  data.disableFileAccess = true;
  data.disableUrlAccess = true;
}

function admitEnvelope(value: unknown, field: string): unknown {
  if (!value) return value;
  if (!isFields(value)) {
    throw invalidMessage(`\`${field}\` must be an object with from and to.`);
  }
  const { from, to, cc, bcc } = value;
  return {
    from: admitAddresses(from, `${field}.from`),
    to: admitAddresses(to, `${field}.to`),
    cc: admitAddresses(cc, `${field}.cc`),
    bcc: admitAddresses(bcc, `${field}.bcc`),
  };
}

/** In angle brackets, as nodemailer writes it, so that receipts show the same. */
function admitMessageId(value: unknown, field: string): unknown {
  if (!value) return value;
  if (typeof value !== 'string' || onOneLine(value) !== value) {
    throw invalidMessage(`\`${field}\` must be a string of one line.`);
  }
  return value.replace(/^(?!<)/, '<').replace(/(?<!>)$/, '>');
}

function admitSubject(value: unknown, field: string): unknown {
  return typeof value === 'string'
    ? onOneLine(value)
    : admitHeaderValue(value, field);
}

function refuseNormalizer(value: unknown, field: string): unknown {
  if (!value) return value;
  throw invalidMessage(
    `\`${field}\` is not supported: it could write headers that were not ` +
      'checked. Remove it.',
  );
}
