import type { SendMailOptions, Transporter } from 'nodemailer';
import type { Observable } from 'rxjs';
import type { SendReceipt } from './delivery/receipt.js';
import type { MailStats } from './delivery/stats.js';
import { describeFailure } from './describe-failure.js';
import { eventsOf } from './events-observable.js';
import type { MailEvent } from './events/mail-event.js';
import { warnWithoutShutdownHooks } from './hooks-check.js';
import { assignIds, newMessageId } from './message/assign-ids.js';
import { composeDirectly } from './message/compose-directly.js';
import type { MailMessage } from './message/mail-message.js';
import { mergeDefaults } from './message/merge-defaults.js';
import { smtpApiHeader } from './message/x-smtpapi/smtp-api-header.js';
import { MODULE_LOGGER } from './module-logger.js';
import type { DrainReport, UnsentMail } from './options/drain-report.js';
import type { SendGridSmtpRateLimitOptions } from './options/rate-limit.options.js';
import { resolveRateLimit } from './options/resolve-rate-limit.js';
import type { Cancellation } from './pool/cancellation.js';
import type { Lane } from './pool/lane.js';
import {
  admitSend,
  admitTimeout,
  type DrainOptions,
  type EnqueueOptions,
  type PurgeOptions,
  type SendOptions,
} from './send-options.js';
import { compose, type SendCallback } from './transport/compose.js';
import type { MailLine } from './transport/mail-line.js';
import { messageIdOf } from './transport/message-id.js';
import { SendTicket, TICKET_FIELD } from './transport/send-ticket.js';
import type { OnComposed } from './transport/send-tracer.js';

/**
 * Sends mail through one instance. Inject it by its class, or a named
 * instance's with `@InjectMailService(name)`.
 *
 * Every failure is a `MailError`, whose `code` says what happened and whose
 * `deliveryState` says whether the message may have been sent.
 */
export class MailService {
  readonly #line: MailLine;
  readonly #mailer: Transporter<SendReceipt>;
  #hooksChecked = false;

  /**
   * What happens in this instance from the subscription on: messages,
   * connections and the account; `docs/events.md` lists it all. Completes once
   * the instance is drained.
   */
  readonly events$: Observable<MailEvent>;

  /** @internal */
  constructor(line: MailLine, mailer: Transporter<SendReceipt>) {
    this.#line = line;
    this.#mailer = mailer;
    this.events$ = eventsOf(line.telling.events);
  }

  /**
   * Sends one message and resolves once the relay has accepted it for at
   * least one recipient; see the receipt's `rejected` for the others.
   *
   * The message takes its place in the queue before it is composed, and holds
   * it until it has settled. It may not be changed before then.
   *
   * @throws MailError `INVALID_MESSAGE`, `GUARD`, `QUEUE_FULL`, `ABORTED`,
   * `TIMED_OUT`, `RELAY_UNAVAILABLE`, `SHUT_DOWN`, `ACCOUNT`, `SENDER`,
   * `REJECTED` or `OUTCOME_UNKNOWN`, always as a rejection
   */
  send(message: MailMessage, options: SendOptions = {}): Promise<SendReceipt> {
    return this.#dispatch(message, () => this.#withDefaults(message), options);
  }

  /**
   * Sends one message without telling how it ended: a failure gives one log
   * line and an event. Never throws and never rejects.
   *
   * @returns the Message-ID that the message carries
   */
  enqueue(
    message: MailMessage,
    options: EnqueueOptions = {},
  ): { messageId: string } {
    const { data, messageId } = this.#identified(message);
    this.#dispatch(message, data, options, messageId).catch(
      (error: unknown) => {
        const failure = describeFailure(error, this.#line.telling.masking);
        MODULE_LOGGER.error(`Mail ${messageId}: ${failure}`);
      },
    );
    return { messageId };
  }

  /**
   * Proves that the relay takes a connection and the key. The connection is
   * kept for use.
   *
   * @throws MailError `ACCOUNT` for a refused key, else `RELAY_UNAVAILABLE`
   */
  verify(): Promise<void> {
    return this.#line.carrier.verify();
  }

  /** A snapshot of connections, queue and totals. */
  stats(): MailStats {
    return this.#line.carrier.stats();
  }

  /**
   * Holds back everything that has not left; sends are still taken, and wait.
   * What waits for longer than `retry.maxHoldMs` fails with `EXPIRED`.
   *
   * @param reason - shown in `stats().paused`
   */
  pause(reason: string): void {
    this.#line.carrier.pause(reason);
  }

  /** Goes on after {@link MailService.pause}. */
  resume(): void {
    this.#line.carrier.resume();
  }

  /**
   * Settles messages that have not left as not sent (`ABORTED`), and returns
   * them. What is on the wire, or was taken for some of its recipients
   * already, is left alone; so are sends that wait for room in the queue.
   */
  purge({ lane, where = () => true }: PurgeOptions = {}): UnsentMail[] {
    return this.#line.carrier.purge(lane, where);
  }

  /**
   * Sets another `rateLimit`, or none with `undefined`, at once. What left
   * under the limit before counts.
   *
   * @throws InvalidOptionsError
   */
  setRateLimit(limit: SendGridSmtpRateLimitOptions | undefined): void {
    this.#line.carrier.setRateLimit(limit && resolveRateLimit(limit));
  }

  /**
   * Delivers what is pending and closes for good: later sends fail with
   * `SHUT_DOWN`. Repeated calls share the first one's promise. The
   * application's shutdown calls it.
   *
   * @throws MailError `INVALID_MESSAGE` for a `timeoutMs` that is none
   */
  async drain(options: DrainOptions = {}): Promise<DrainReport> {
    const { timeoutMs = this.#line.options.shutdown.timeoutMs } = options;
    admitTimeout(timeoutMs);
    return this.#line.carrier.drain(timeoutMs);
  }

  #dispatch(
    message: MailMessage,
    data: () => SendMailOptions,
    options: SendOptions,
    messageId?: string,
  ): Promise<SendReceipt> {
    const { tracer } = this.#line;
    if (tracer === undefined) {
      return this.#attempt(message, data, options, messageId);
    }
    // Untyped callers may give null.
    return tracer.trace(options?.lane, (onComposed) =>
      this.#attempt(message, data, options, messageId, onComposed),
    );
  }

  // Synchronous up to the wire when the queue has room and no plugin waits.
  async #attempt(
    message: MailMessage,
    data: () => SendMailOptions,
    options: SendOptions,
    messageId?: string,
    onComposed?: OnComposed,
  ): Promise<SendReceipt> {
    let lane: Lane = 'normal';
    let cancellation: Cancellation | undefined;
    let ticket: SendTicket | undefined;
    try {
      ({ lane, cancellation } = admitSend(options));
      const submission = { lane, message, cancellation };
      const reserved = this.#line.carrier.reserve(submission);
      const place = reserved instanceof Promise ? await reserved : reserved;
      const taken = new SendTicket(place, cancellation, onComposed);
      ticket = taken;
      this.#checkHooks();
      return await compose(taken, (callback) => {
        this.#start(data(), taken, callback);
      });
    } catch (error) {
      this.#line.refused(error, lane, ticket, messageId);
      throw error;
    } finally {
      cancellation?.dispose();
    }
  }

  #start(
    data: SendMailOptions,
    ticket: SendTicket,
    callback: SendCallback,
  ): void {
    const { options } = this.#line;
    const { dkim, plugins, redirect } = options;
    const isPlain =
      dkim === undefined && plugins.length === 0 && redirect === undefined;
    const mail = isPlain
      ? composeDirectly(data, options, smtpApiHeader(options.correlation))
      : undefined;
    if (mail === undefined) {
      const fields = { ...data, [TICKET_FIELD]: ticket };
      this.#mailer.sendMail(fields, callback);
    } else {
      this.#line
        .carry(mail, data, ticket)
        .then((receipt) => callback(null, receipt), callback);
    }
  }

  #withDefaults(message: MailMessage): SendMailOptions {
    return mergeDefaults(this.#line.options.defaults, message);
  }

  #identified(message: MailMessage): {
    data: () => SendMailOptions;
    messageId: string;
  } {
    const messageId = newMessageId();
    try {
      const data = this.#withDefaults(message);
      assignIds(data);
      return { data: () => data, messageId: messageIdOf(data) ?? messageId };
    } catch (error) {
      const data = (): never => {
        throw error;
      };
      return { data, messageId };
    }
  }

  #checkHooks(): void {
    if (this.#hooksChecked) return;
    this.#hooksChecked = true;
    if (this.#line.options.mode === 'smtp') warnWithoutShutdownHooks();
  }
}
