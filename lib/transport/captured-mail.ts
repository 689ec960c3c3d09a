import type { MailMessageData } from 'nodemailer';
import type { OutgoingMail } from '../delivery/carrier.js';
import { recipientsOf } from '../delivery/recipients-of.js';
import type { MailMessage } from '../message/mail-message.js';
import { readXSmtpApi } from '../message/x-smtpapi/read-x-smtp-api.js';
import type { Envelope } from '../smtp/envelope.js';

/** One message as it would have left: composed, checked and not sent. */
export interface CapturedMail {
  /** The Message-ID header, in angle brackets. */
  readonly messageId: string;

  /** The id of the tenant that it would have gone out for, if for one. */
  readonly tenant?: string | undefined;

  /** Who the message would have gone from and to. */
  readonly envelope: Envelope;

  /**
   * Everybody it was for: the recipients of the envelope, or those whom the
   * X-SMTPAPI header names instead, in order.
   */
  readonly recipients: readonly string[];

  /** What its X-SMTPAPI header says, in SendGrid's names; absent without one. */
  readonly smtpApi?: unknown;

  /** The subject, when it was a string. */
  readonly subject: string | undefined;

  /** The plain text, when it was a string or a Buffer. */
  readonly text: string | undefined;

  /** The HTML, when it was a string or a Buffer. */
  readonly html: string | undefined;

  /** The template that it was rendered from, if from one. */
  readonly template?: string | undefined;

  /** What the template's variables were taken from. */
  readonly context?: object | undefined;

  /** The message's fields as composed: defaults applied, plugins run. */
  readonly message: Readonly<MailMessageData>;

  /** The whole message in wire format, headers and body. */
  readonly raw: Buffer;
}

/** What a message looks like to whoever reads the captured ones. */
export function capturedMail(
  mail: OutgoingMail,
  message: MailMessageData,
  raw: Buffer,
  { template, context }: MailMessage,
  tenant?: string,
): CapturedMail {
  const { messageId, envelope } = mail;
  return {
    messageId,
    ...(tenant === undefined ? {} : { tenant }),
    envelope,
    recipients: recipientsOf(mail),
    // Read when asked for: it may name thousands.
    get smtpApi() {
      return readXSmtpApi(raw);
    },
    subject: asText(message.subject),
    text: asText(message.text),
    html: asText(message.html),
    ...(template == null ? {} : { template, context: context ?? {} }),
    message: { ...message },
    raw,
  };
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString() : undefined;
}
