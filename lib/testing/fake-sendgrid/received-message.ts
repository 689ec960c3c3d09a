import type { Address, Attachment, Header } from 'postal-mime';

/** One message that the relay has accepted. */
export interface ReceivedMessage {
  /** The id it was queued as, from `250 Ok: queued as <id>`. */
  readonly id: string;

  /** Addresses of MAIL and of the accepted RCPT commands, as sent. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };

  /** Ordinal number of the connection it came on, from 1. */
  readonly connection: number;

  /** The message as sent, without the dots that SMTP adds. */
  readonly raw: Buffer;

  /**
   * Every header in order; `key` is in lower case. This and all that follows
   * is empty when the relay was started with `parse: false`.
   */
  readonly headers: readonly Header[];
  readonly from?: Address | undefined;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly messageId?: string | undefined;
  readonly subject?: string | undefined;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  readonly attachments: readonly Attachment[];

  /**
   * What the X-SMTPAPI header holds; absent when the message has none, or
   * several, or one that is no JSON.
   */
  readonly smtpApi?: unknown;

  /**
   * Why SendGrid would have dropped the message after it accepted it; absent
   * when it would not. Its events name the same `reason`, and no `problem`.
   */
  readonly dropped?: DroppedMessage | undefined;
}

/** Why a message is dropped. */
export interface DroppedMessage {
  /** In SendGrid's words. */
  readonly reason: 'Invalid SMTPAPI header';

  /** What is wrong with the header. */
  readonly problem: string;
}

/** What of a message is known before it is parsed. */
export type UnparsedMessage = Pick<
  ReceivedMessage,
  'id' | 'envelope' | 'connection' | 'raw'
>;
