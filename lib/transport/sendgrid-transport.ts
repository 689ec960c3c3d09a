import type {
  MailMessage,
  NodemailerError,
  Transport,
  Transporter,
} from 'nodemailer';
import type { SendReceipt } from '../delivery/receipt.js';
import type { MailStats } from '../delivery/stats.js';
import type { MailError } from '../errors/mail-error.js';
import { admitMessage } from '../message/admit-message.js';
import { assignIds } from '../message/assign-ids.js';
import { ContentAccess } from '../message/content-access.js';
import { asInvalidMessage } from '../message/invalid-message.js';
import { locateTree } from '../message/locate-tree.js';
import type { MailMessage as OwnMessage } from '../message/mail-message.js';
import { tellingOf } from '../events/telling.js';
import { SILENT } from '../options/log.js';
import { resolveOptions } from '../options/resolve-options.js';
import type { SendGridSmtpOptions } from '../options/sendgrid-smtp-options.js';
import { Cancellation } from '../pool/cancellation.js';
import { compose } from './compose.js';
import { composeTree } from './compose-tree.js';
import { MailLine } from './mail-line.js';
import { openLine } from './open-line.js';
import { ownOptions } from './own-options.js';
import { SendTicket, TICKET_FIELD } from './send-ticket.js';
import { tellRefused } from './tell-refused.js';
import type { OnComposed } from './send-tracer.js';
import { VERSION } from './version.js';

/**
 * The options of {@link SendGridTransport}. Defaults, plugins and DKIM are
 * given to nodemailer; what only an application's lifecycle uses is left out.
 */
export type SendGridTransportOptions = Omit<
  SendGridSmtpOptions,
  | 'defaults'
  | 'plugins'
  | 'dkim'
  | 'verifyOnStart'
  | 'tenants'
  | 'maxTenants'
  | 'templates'
>;

/** What events call the instance of a transport that stands alone. */
const NAME = 'transport';

/**
 * A nodemailer transport that sends through SendGrid's SMTP relay, for use
 * without NestJS. It logs nothing; see
 * {@link SendGridTransport.stats} and, in `docs/events.md`, the diagnostics
 * channels.
 *
 * @example
 * ```ts
 * const mailer = nodemailer.createTransport(
 *   new SendGridTransport({ apiKey: process.env.SENDGRID_API_KEY }),
 *   { from: 'Shop <hello@shop.example>' },
 * );
 * await mailer.sendMail({ to: 'ada@example.com', subject: 'Hi', text: 'Hi' });
 * await mailer.close();
 * ```
 */
export class SendGridTransport implements Transport<SendReceipt> {
  readonly name: string = 'SendGrid';
  readonly version: string = VERSION;
  readonly supportsAbortSignal = true;
  readonly #line: MailLine;
  readonly #access: ContentAccess;
  readonly #tickets = new WeakMap<MailMessage<SendReceipt>, SendTicket>();
  #mailer: Transporter<SendReceipt> | undefined;
  #closed: Promise<void> | undefined;

  /**
   * Opens no connection yet.
   *
   * @throws InvalidOptionsError listing every problem of the options
   */
  constructor(options: SendGridTransportOptions);
  /** @internal */
  constructor(line: MailLine);
  constructor(options: SendGridTransportOptions | MailLine) {
    this.#line = options instanceof MailLine ? options : alone(options);
    const { attachments, maxMessageBytes } = this.#line.options;
    this.#access = new ContentAccess(attachments, maxMessageBytes);
  }

  /** @internal */
  static lineOf(transport: SendGridTransport): MailLine {
    return transport.#line;
  }

  /** The transporter that this transport belongs to; nodemailer sets it. */
  get mailer(): Transporter<SendReceipt> | undefined {
    return this.#mailer;
  }

  set mailer(mailer: Transporter<SendReceipt> | undefined) {
    this.#mailer = mailer;
    if (mailer === undefined) return;
    mailer.options.disableFileAccess = true;
    mailer.options.disableUrlAccess = true;
    mailer.use('compile', (mail, callback) => callback(this.#admit(mail)));
  }

  /** Sends one composed message; every failure is a `MailError`. */
  send(
    mail: MailMessage<SendReceipt>,
    callback: (error: NodemailerError | null, receipt?: SendReceipt) => void,
  ): void {
    const ticket = this.#tickets.get(mail);
    const sent =
      ticket === undefined ? this.#dispatch(mail) : this.#carry(mail, ticket);
    sent.then(
      (receipt) => callback(null, receipt),
      (error) => callback(error),
    );
  }

  /**
   * Proves that the relay takes a connection and the key.
   *
   * @throws MailError `ACCOUNT` for a refused key, else `RELAY_UNAVAILABLE`
   */
  verify(): Promise<true>;
  verify(callback: (error: Error | null, success?: true) => void): void;
  verify(
    callback?: (error: Error | null, success?: true) => void,
  ): Promise<true> | void {
    const verified = this.#line.carrier.verify().then((): true => true);
    if (callback === undefined) return verified;
    verified.then(
      () => callback(null, true),
      (error) => callback(error),
    );
  }

  /**
   * Delivers what is pending, at most `shutdown.timeoutMs` long, and closes
   * every connection. Later sends fail with `SHUT_DOWN`. Repeated calls share
   * one promise.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** A snapshot of connections, queue and totals. */
  stats(): MailStats {
    return this.#line.carrier.stats();
  }

  /** Tells whether the queue has room. */
  isIdle(): boolean {
    const { carrier, options } = this.#line;
    return carrier.stats().queue.messages < options.queue.maxMessages;
  }

  async #close(): Promise<void> {
    const { timeoutMs, onReport } = this.#line.options.shutdown;
    const report = await this.#line.carrier.drain(timeoutMs);
    await onReport?.(report);
  }

  #admit(mail: MailMessage<SendReceipt>): MailError | null {
    this.#keepTicket(mail);
    try {
      admitMessage(mail.data, this.#access);
      assignIds(mail.data);
      return null;
    } catch (error) {
      return asInvalidMessage(error);
    }
  }

  // Out of the data before plugins see it, who might copy or print it.
  #keepTicket(mail: MailMessage<SendReceipt>): void {
    const ticket = SendTicket.from(Reflect.get(mail.data, TICKET_FIELD));
    Reflect.deleteProperty(mail.data, TICKET_FIELD);
    if (ticket !== undefined) this.#tickets.set(mail, ticket);
  }

  #dispatch(mail: MailMessage<SendReceipt>): Promise<SendReceipt> {
    const { tracer } = this.#line;
    return tracer === undefined
      ? this.#sendAlone(mail)
      : tracer.trace('normal', (onComposed) =>
          this.#sendAlone(mail, onComposed),
        );
  }

  async #sendAlone(
    mail: MailMessage<SendReceipt>,
    onComposed?: OnComposed,
  ): Promise<SendReceipt> {
    const { signal } = mail.data;
    const cancellation =
      signal === undefined ? undefined : new Cancellation(signal, undefined);
    let ticket: SendTicket | undefined;
    try {
      const { carrier } = this.#line;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nodemailer's own type for the same fields
      const message = mail.data as OwnMessage;
      const place = await carrier.reserve({
        lane: 'normal',
        message,
        cancellation,
      });
      const taken = new SendTicket(place, cancellation, onComposed);
      ticket = taken;
      return await compose(taken, (callback) => {
        this.#carry(mail, taken).then(
          (receipt) => callback(null, receipt),
          callback,
        );
      });
    } catch (error) {
      tellRefused(this.#line.telling, error, 'normal', ticket);
      throw error;
    } finally {
      cancellation?.dispose();
    }
  }

  // Admitted again: plugins may have changed the data since.
  async #carry(
    { data, message }: MailMessage<SendReceipt>,
    ticket: SendTicket,
  ): Promise<SendReceipt> {
    admitMessage(data, this.#access);
    locateTree(message, this.#access);
    const composed = await composeTree(message, data, this.#line, ticket);
    return this.#line.carry(composed.mail, data, ticket, composed.addressed);
  }
}

/** The line of a transport that stands alone. */
function alone(options: SendGridTransportOptions): MailLine {
  const resolved = resolveOptions(ownOptions(options));
  return openLine(resolved, tellingOf(NAME, resolved, SILENT));
}
