/**
 * What became of a message: `captured` was not sent, the mailbox being all
 * there is; the others are how far its sending has come, with `deliver: true`.
 */
export type MailboxState =
  'captured' | 'sending' | 'accepted' | 'rejected' | 'unknown' | 'not-sent';

/** Something that SendGrid, or a reader's mail program, would make of a message. */
export interface MailboxFinding {
  /**
   * `error`: SendGrid refuses or drops the message. `warning`: it sends it, and
   * that is likely not what was meant. `note`: worth knowing.
   */
  readonly level: 'error' | 'warning' | 'note';

  /** Stable name of the finding, such as `no-text-part`. */
  readonly code: string;

  /** What it is, and what to do. */
  readonly message: string;
}

/** One message in the list. */
export interface MailboxSummary {
  readonly id: string;

  /** When it came, in milliseconds since 1970. */
  readonly at: number;

  /** Name of the mail instance that it was sent with. */
  readonly instance: string;

  /** The tenant that it was sent for, if for one. */
  readonly tenant?: string | undefined;

  /** The From header: name and address. */
  readonly from: string;

  /** The first ten of everybody it is for, `bcc` too. */
  readonly to: readonly string[];

  /** How many it is for. */
  readonly recipients: number;
  readonly subject: string;

  /** The beginning of its text, in one line. */
  readonly preview: string;

  /** Bytes of the whole message. */
  readonly size: number;
  readonly attachments: number;
  readonly state: MailboxState;

  /** The worst of its findings; absent without any. */
  readonly worst?: MailboxFinding['level'] | undefined;
}

/** One header, decoded and without folds. */
export interface MailboxHeader {
  readonly name: string;
  readonly value: string;
}

/** One attached or embedded file. */
export interface MailboxAttachment {
  /** Its place in the message: `GET .../messages/<id>/attachments/<index>`. */
  readonly index: number;
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;

  /** The Content-ID by which the html shows it, without angle brackets. */
  readonly contentId?: string | undefined;
}

/** How the sending of a message ended. */
export interface MailboxOutcome {
  /** The relay's reply to the message, when it gave one. */
  readonly response?: string | undefined;

  /** SendGrid's id of the message. */
  readonly sendGridId?: string | undefined;

  /** The `code` of the `MailError`. */
  readonly code?: string | undefined;

  /** What happened, and what to do. */
  readonly reason?: string | undefined;

  /** How often it was offered to the relay. */
  readonly attempts?: number | undefined;

  /** Recipients that the relay did not take. */
  readonly rejected?: readonly string[] | undefined;
}

/** A message as a whole. */
export interface MailboxMessage extends MailboxSummary {
  /** The Message-ID header, in angle brackets. */
  readonly messageId: string;

  /** Who it goes from and to over SMTP. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };

  /** Everybody it is for: whom its X-SMTPAPI header names, else the envelope. */
  readonly allRecipients: readonly string[];
  readonly headers: readonly MailboxHeader[];
  readonly text?: string | undefined;

  /** As it is in the message: `GET .../messages/<id>/html` is safe to show. */
  readonly html?: string | undefined;

  /** Whether its html asks for images from elsewhere. */
  readonly remoteImages: boolean;
  readonly files: readonly MailboxAttachment[];

  /** Its X-SMTPAPI header, decoded, in SendGrid's names. */
  readonly smtpApi?: unknown;

  /** What SendGrid would do with it, the worst first. */
  readonly findings: readonly MailboxFinding[];

  /** How its sending ended, once it has; never of one that was captured. */
  readonly outcome?: MailboxOutcome | undefined;
}

/** The answer to `GET .../messages`, newest first. */
export interface MailboxList {
  readonly messages: readonly MailboxSummary[];

  /** How many match, of which `messages` holds at most `limit`. */
  readonly total: number;
}
