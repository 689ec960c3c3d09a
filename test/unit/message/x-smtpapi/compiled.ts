import type { MailError } from '../../../../lib/errors/mail-error.js';
import { compileFields } from '../../../../lib/message/x-smtpapi/compile-fields.js';
import type { XSmtpApi } from '../../../../lib/message/x-smtpapi/x-smtp-api.js';
import { refusalOf } from '../refusal.js';

/** What fields come to, whatever their types say. */
export function compiled(fields: object): XSmtpApi {
  return compileFields(fields, 'sendgrid').api;
}

/** Why fields are refused. */
export async function refusalOfFields(fields: unknown): Promise<string> {
  const error: MailError = await refusalOf(() =>
    compileFields(fields, 'sendgrid'),
  );
  return error.message;
}
