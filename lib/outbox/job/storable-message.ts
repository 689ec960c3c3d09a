import type { MailEnvelope, MailMessage } from '../../message/mail-message.js';
import { byKey, byName, type Copy, copyValue, eachOf } from './copy-value.js';
import { notStorable } from './not-storable.js';
import { copyAddresses } from './storable-addresses.js';
import { copyContent, copyParts, copyText } from './storable-content.js';
import { copyHeaders, copyHeaderValue } from './storable-headers.js';

const copyEnvelope = byName({
  from: copyAddresses,
  to: copyAddresses,
  cc: copyAddresses,
  bcc: copyAddresses,
} satisfies Record<keyof MailEnvelope, Copy>);

const copyListEntry = byName({ url: copyValue, comment: copyValue });

/**
 * Every field that a stored message can have. A further one needs a new
 * version of what is stored: workers before it would drop what they do not
 * know.
 */
const MESSAGE_FIELDS = {
  from: copyAddresses,
  sender: copyAddresses,
  to: copyAddresses,
  cc: copyAddresses,
  bcc: copyAddresses,
  replyTo: copyAddresses,
  envelope: copyEnvelope,
  subject: copyHeaderValue,
  messageId: copyHeaderValue,
  inReplyTo: copyHeaderValue,
  references: copyHeaderValue,
  date: copyHeaderValue,
  xMailer: copyHeaderValue,
  headers: copyHeaders,
  list: byKey(eachOf(copyListEntry)),
  otp: byName({ code: copyValue, origin: copyValue }),
  sendgrid: copyValue,
  text: copyText,
  html: copyText,
  watchHtml: copyText,
  amp: copyText,
  icalEvent: copyText,
  attachments: copyParts,
  alternatives: copyParts,
  raw: copyContent,
  attachDataUrls: copyValue,
  encoding: copyValue,
  textEncoding: copyValue,
  newline: copyValue,
  priority: copyValue,
  boundaryPrefix: copyValue,
  baseBoundary: copyValue,
  maxRecipients: copyValue,
  dkim: refuseDkim,
  template: refuseUnrendered,
  context: refuseUnrendered,
  locale: refuseUnrendered,
} satisfies Record<keyof MailMessage | 'sendgrid', Copy>;

const copyFields = byName(MESSAGE_FIELDS);

/**
 * Copies what is stored of a message: its fields by name, with everything in
 * them that is data. `undefined` is left out, `null` stays.
 *
 * @throws MailError `INVALID_MESSAGE` naming the field, for streams,
 * functions, files, URLs, and fields that are not known
 */
export function storableMessage(message: unknown): MailMessage {
  if (typeof message !== 'object' || message === null) {
    throw notStorable('message', 'it must be an object with its fields');
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a copy of a message, field by field; admission trusts no type of it either
  return copyFields(message, '', 0) as MailMessage;
}

function refuseDkim(value: unknown, at: string): unknown {
  if (value === null) return value;
  throw notStorable(
    at,
    'it holds a private key, give it to the option `dkim` of ' +
      '`SendGridSmtpModule`',
  );
}

function refuseUnrendered(value: unknown, at: string): unknown {
  if (value === null) return value;
  throw notStorable(
    at,
    'it belongs to a `template`, and the message names none',
  );
}
