import { randomUUID } from 'node:crypto';

import { invalidMessage } from '../invalid-message.js';
import { asciiJson } from './ascii-json.js';
import { encodeXSmtpApi, X_SMTPAPI } from './encode-x-smtp-api.js';
import type { XSmtpApi } from './x-smtp-api.js';

/** The X-SMTPAPI header of one message. */
export interface SmtpApiHeader {
  /** The header with its line end, in ASCII; empty when there is none. */
  readonly text: string;

  /** The correlation id in it. */
  readonly mailId?: string;
}

/** For messages that leave without an X-SMTPAPI header. */
export const NO_SMTP_API: SmtpApiHeader = Object.freeze({ text: '' });

const NOTHING: XSmtpApi = {};
const MAX_ARGS_OCTETS = 10_000;

// All ids have one length, so the header folds where it does around this one.
const NIL = '00000000-0000-0000-0000-000000000000';
const [BEFORE_ID = '', AFTER_ID = ''] = write(identified({}, NIL)).split(NIL);

/**
 * Makes the header of a message. With `correlation` it carries a fresh id as
 * `mail_id` among the unique arguments.
 *
 * @throws MailError `INVALID_MESSAGE` for what cannot be folded, for unique
 * arguments that are too large, and for a `mail_id` among them beside ours
 */
export function smtpApiHeader(
  correlation: boolean,
  api: XSmtpApi = NOTHING,
): SmtpApiHeader {
  checkArgs(api, correlation);
  if (!correlation) return isEmpty(api) ? NO_SMTP_API : { text: write(api) };
  const mailId = randomUUID();
  const text = isEmpty(api)
    ? BEFORE_ID + mailId + AFTER_ID
    : write(identified(api, mailId));
  return { text, mailId };
}

function isEmpty(api: XSmtpApi): boolean {
  return Object.keys(api).length === 0;
}

function checkArgs(
  { unique_args: args }: XSmtpApi,
  correlation: boolean,
): void {
  if (args === undefined) return;
  if (correlation && Object.hasOwn(args, 'mail_id')) {
    throw invalidMessage(
      'The custom argument `mail_id` is the id by which this package finds a ' +
        "message's events. Give yours another name, or set the option " +
        '`correlation: false`.',
    );
  }
  const sent = correlation ? { ...args, mail_id: NIL } : args;
  const octets = asciiJson(sent).length;
  if (octets <= MAX_ARGS_OCTETS) return;
  throw invalidMessage(
    `The custom arguments take ${octets} bytes of JSON; SendGrid takes ` +
      `${MAX_ARGS_OCTETS}. A character that is not ASCII takes six, and ` +
      'the `mail_id` of the option `correlation` counts too.',
  );
}

function identified(api: XSmtpApi, mailId: string): XSmtpApi {
  return { ...api, unique_args: { ...api.unique_args, mail_id: mailId } };
}

function write(api: XSmtpApi): string {
  return `${X_SMTPAPI}${encodeXSmtpApi(api)}\r\n`;
}
