import { randomUUID } from 'node:crypto';

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

// All ids have one length, so the header folds where it does around this one.
const NIL = '00000000-0000-0000-0000-000000000000';
const [BEFORE_ID = '', AFTER_ID = ''] = write(identified({}, NIL)).split(NIL);

/**
 * Makes the header of a message. With `correlation` it carries a fresh id as
 * `mail_id` among the unique arguments, in place of one that is there.
 *
 * @throws MailError `INVALID_MESSAGE` for what cannot be folded
 */
export function smtpApiHeader(
  correlation: boolean,
  api?: XSmtpApi,
): SmtpApiHeader {
  if (!correlation)
    return api === undefined ? NO_SMTP_API : { text: write(api) };
  const mailId = randomUUID();
  const text =
    api === undefined
      ? BEFORE_ID + mailId + AFTER_ID
      : write(identified(api, mailId));
  return { text, mailId };
}

function identified(api: XSmtpApi, mailId: string): XSmtpApi {
  return { ...api, unique_args: { ...api.unique_args, mail_id: mailId } };
}

function write(api: XSmtpApi): string {
  return `${X_SMTPAPI}${encodeXSmtpApi(api)}\r\n`;
}
