import type { Mailbox, MailMessage } from '../../message/mail-message.js';
import type { SendGridFields } from '../../message/x-smtpapi/sendgrid-fields.js';

/** What replaces a tag for one recipient. */
export type MergeValue = string | number;

/** One recipient of a merge. */
export interface MergeRecipient {
  /** One address. */
  readonly to: string | Mailbox;

  /**
   * The recipient's text for each tag. HTML in it is escaped, unless the
   * option `raw` says otherwise. A tag that is left out, `undefined` or `null`
   * takes its text from the message's `sendgrid.substitutions`.
   */
  readonly substitutions?:
    Readonly<Record<string, MergeValue | null | undefined>> | null | undefined;

  /**
   * Comes back with every event of the recipient, over those of the message's
   * `sendgrid.customArgs`.
   */
  readonly customArgs?:
    Readonly<Record<string, string | number | boolean>> | null | undefined;
}

/** The recipients of a merge, which are read as they are sent to. */
export type MergeRecipients =
  Iterable<MergeRecipient> | AsyncIterable<MergeRecipient>;

/** What SendGrid does with the messages of a merge. */
export interface MergeFields extends Omit<
  SendGridFields,
  'substitutions' | 'sendEachAt'
> {
  /** The texts of tags for recipients that have none of their own. */
  readonly substitutions?:
    Readonly<Record<string, MergeValue>> | null | undefined;
}

/**
 * One message to many recipients, each of which gets its own copy with its
 * own texts in the place of tags such as `-name-`.
 *
 * The tags of a merge are those of `sendgrid.substitutions` and those of its
 * first recipient, which names a tag that it has no text for as `undefined`.
 */
export interface MergeMessage extends Omit<
  MailMessage,
  'to' | 'cc' | 'bcc' | 'envelope' | 'raw' | 'sendgrid'
> {
  /** Each is read once; a generator need not hold them all. */
  readonly recipients: MergeRecipients;

  readonly sendgrid?: MergeFields | null | undefined;
}
