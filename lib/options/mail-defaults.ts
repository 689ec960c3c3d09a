import type { MailDefaults } from 'nodemailer';

import type { MailMessage } from '../message/mail-message.js';

/** One mailbox, as nodemailer or as @sendgrid/mail writes it. */
export type SendGridSmtpMailbox =
  | string
  | { readonly name?: string | undefined; readonly address: string }
  | { readonly name?: string | undefined; readonly email: string };

type Replaced =
  | 'from'
  | 'sender'
  | 'replyTo'
  | 'to'
  | 'cc'
  | 'bcc'
  | 'envelope'
  | 'headers'
  | 'normalizeHeaderKey';

/**
 * Fields of every message that does not set them itself. Recipients cannot be
 * given here: every mail would go to them.
 */
export interface SendGridSmtpMailDefaults extends Omit<MailDefaults, Replaced> {
  /** The sender: exactly one address. */
  readonly from?: SendGridSmtpMailbox | undefined;

  /** The mailbox that sends in the name of `from`. */
  readonly sender?: SendGridSmtpMailbox | undefined;

  /** Where answers go. */
  readonly replyTo?:
    SendGridSmtpMailbox | readonly SendGridSmtpMailbox[] | undefined;

  /** Headers by name; a message replaces them one by one. */
  readonly headers?:
    Exclude<MailDefaults['headers'], readonly unknown[]> | undefined;

  /**
   * What SendGrid does with every message, without `sendAt`, `sendEachAt` and
   * lists of substitutions; a message replaces it field by field.
   */
  readonly sendgrid?:
    | Omit<NonNullable<MailMessage['sendgrid']>, 'sendAt' | 'sendEachAt'>
    | undefined;
}
