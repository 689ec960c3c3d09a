import type { MailMessage } from '../message/mail-message.js';

/** One mailbox. */
export interface Address {
  /** The name that is shown. */
  readonly name: string;

  /** The address itself. */
  readonly address: string;
}

/**
 * What `MailerService.sendMail` takes: the fields of @nestjs-modules/mailer,
 * and all that `MailMessage` has beyond them, such as `sendgrid`.
 */
export interface ISendMailOptions extends Omit<MailMessage, 'inReplyTo'> {
  /** The Message-ID that the message answers. */
  inReplyTo?: string | Address | null | undefined;

  /** The template that `template.adapter` or `template.resolver` renders. */
  template?: string | undefined;

  /**
   * What templates read. Also put into `{{name}}` of the subject, of `html`
   * without a template (escaped) and of `textTemplate`.
   */
  context?: Record<string, unknown> | undefined;

  /** Whose template is used, see the option `i18n`. */
  locale?: string | undefined;

  /** A file of `template.dir` for the text part, `.txt` without an extension. */
  textTemplate?: string | undefined;

  /**
   * One of `transports`, or the `name` of an instance of `SendGridSmtpModule`.
   */
  transporterName?: string | undefined;

  /** Milliseconds after which the send is given up (`TIMED_OUT`). */
  timeout?: number | undefined;

  /** Left out: SendGrid's relay does not offer DSN. */
  dsn?: unknown;
}
