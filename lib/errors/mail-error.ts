import type { RecipientOutcome } from './recipient-outcome.js';
import type { ReplyInfo } from './reply-info.js';

/**
 * What went wrong, as a stable string. `docs/errors.md` lists each with its
 * meaning and remedy.
 */
export type MailErrorCode =
  | 'INVALID_OPTIONS'
  | 'INVALID_MESSAGE'
  | 'TEMPLATE'
  | 'GUARD'
  | 'QUEUE_FULL'
  | 'ABORTED'
  | 'TIMED_OUT'
  | 'EXPIRED'
  | 'RELAY_UNAVAILABLE'
  | 'SHUT_DOWN'
  | 'ACCOUNT'
  | 'SENDER'
  | 'REJECTED'
  | 'SUPPRESSED'
  | 'OUTCOME_UNKNOWN'
  | 'STORE_UNAVAILABLE';

/** How far a fault reaches: whether other messages would meet it too. */
export type FaultScope =
  'message' | 'recipient' | 'sender' | 'account' | 'connection';

/**
 * What is known of the message: `not-sent` is certain, `unknown` means that
 * the final dot went out and no reply came back, so it may have been accepted.
 */
export type DeliveryState = 'not-sent' | 'unknown';

/** What a {@link MailError} knows beyond its code and message. */
export interface MailErrorDetails {
  readonly scope?: FaultScope;
  readonly retryable?: boolean;
  readonly deliveryState?: DeliveryState;
  readonly reply?: ReplyInfo | undefined;
  readonly command?: string | undefined;
  readonly recipients?: readonly RecipientOutcome[] | undefined;
  readonly mailId?: string | undefined;
  readonly cause?: unknown;
}

// Registered globally, so that errors are recognised across copies of the package.
const BRAND = Symbol.for('nestjs-sendgrid-smtp/MailError');

/**
 * The one error that sending mail rejects with.
 *
 * `instanceof MailError` and {@link isMailError} hold across copies of the
 * package in one process. No message or field ever holds the API key.
 */
export class MailError extends Error {
  override readonly name: string = 'MailError';

  /** What went wrong. */
  readonly code: MailErrorCode;

  /** How far the fault reaches. */
  readonly scope: FaultScope;

  /** Whether the same message may succeed when sent again later. */
  readonly retryable: boolean;

  /** Whether the message is certainly not sent, or its outcome is unknown. */
  readonly deliveryState: DeliveryState;

  /** The relay's reply, when one decided the outcome. */
  readonly reply?: ReplyInfo;

  /** SMTP reply code, under nodemailer's name. */
  readonly responseCode?: number;

  /** SMTP reply as one line, under nodemailer's name. */
  readonly response?: string;

  /** SMTP command that was refused (`MAIL FROM`, `RCPT TO`, `DATA`, ...). */
  readonly command?: string;

  /**
   * The correlation id of a message that SendGrid refused or may have taken,
   * see `SendReceipt.mailId`.
   */
  readonly mailId?: string;

  /**
   * How each recipient ended, once the message was offered to the relay. Not
   * enumerable: printing the error shows no recipient.
   */
  declare readonly recipients?: readonly RecipientOutcome[];

  constructor(
    code: MailErrorCode,
    message: string,
    details: MailErrorDetails = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.scope = details.scope ?? 'message';
    this.retryable = details.retryable ?? false;
    this.deliveryState = details.deliveryState ?? 'not-sent';
    if (details.reply !== undefined) {
      this.reply = details.reply;
      this.responseCode = details.reply.code;
      this.response = `${details.reply.code} ${details.reply.text}`;
    }
    if (details.command !== undefined) this.command = details.command;
    if (details.mailId !== undefined) this.mailId = details.mailId;
    if (details.recipients !== undefined) {
      Object.defineProperty(this, 'recipients', { value: details.recipients });
    }
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Recognises the errors of every copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === MailError
      ? isMailError(value)
      : Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

/**
 * Tells whether a value is a {@link MailError}, also one made by another copy
 * of this package.
 */
export function isMailError(value: unknown): value is MailError {
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(value, BRAND) === true
  );
}
