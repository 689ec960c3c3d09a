import type { SendMailOptions } from 'nodemailer';
import type { Observable } from 'rxjs';
import { BulkRun } from './bulk/bulk-run.js';
import type { MergeMessage } from './bulk/merge/merge-message.js';
import type { SendMergeOptions } from './bulk/merge/merge-options.js';
import { mergeRun } from './bulk/merge/merge-run.js';
import type { MergeOutcome } from './bulk/merge/pack-unit.js';
import type { RunPort } from './bulk/run-port.js';
import { admitRun, admitSource } from './bulk/send-many-options.js';
import type { SendManyOptions } from './bulk/send-many-options.js';
import { SendRun } from './bulk/send-run.js';
import { Single } from './bulk/single.js';
import type { Batch } from './delivery/batch.js';
import type { SendReceipt } from './delivery/receipt.js';
import type { MailStats } from './delivery/stats.js';
import { describeFailure } from './describe-failure.js';
import { eventsOf } from './events-observable.js';
import type { MailEvent } from './events/mail-event.js';
import { warnWithoutShutdownHooks } from './hooks-check.js';
import { assignIds, newMessageId } from './message/assign-ids.js';
import type { MailMessage } from './message/mail-message.js';
import { mergeDefaults } from './message/merge-defaults.js';
import { MODULE_LOGGER } from './module-logger.js';
import type { DrainReport, UnsentMail } from './options/drain-report.js';
import type { SendGridSmtpRateLimitOptions } from './options/rate-limit.options.js';
import { resolveRateLimit } from './options/resolve-rate-limit.js';
import { shownTenant } from './options/tenant-id.js';
import type { Cancellation } from './pool/cancellation.js';
import type { Lane } from './pool/lane.js';
import { namesTemplate, renderMessage } from './render-message.js';
import {
  admitPurge,
  admitSend,
  admitTimeout,
  type DrainOptions,
  type EnqueueOptions,
  type PurgeOptions,
  type SendOptions,
} from './send-options.js';
import { rendersTemplates, start, startRendered } from './start-send.js';
import { compose } from './transport/compose.js';
import type { MailLine } from './transport/mail-line.js';
import { messageIdOf } from './transport/message-id.js';
import type { Outlet } from './transport/outlet.js';
import { SendTicket } from './transport/send-ticket.js';
import { tellRefused } from './transport/tell-refused.js';
import type { OnComposed } from './transport/send-tracer.js';

/**
 * Sends mail through one instance. Inject it by its class, or a named
 * instance's with `@InjectMailService(name)`.
 *
 * Every failure is a `MailError`, whose `code` says what happened and whose
 * `deliveryState` says whether the message may have been sent.
 */
export class MailService {
  readonly #outlet: Outlet;

  /**
   * What happens in this instance from the subscription on: messages,
   * connections and the account, those of its tenants too; `docs/events.md`
   * lists it all. Completes once the instance is drained. A tenant's service
   * tells what happens to the tenant.
   */
  readonly events$: Observable<MailEvent>;

  /** @internal */
  constructor(outlet: Outlet) {
    this.#outlet = outlet;
    this.events$ = eventsOf(outlet.telling.events);
  }

  /**
   * The service of a tenant, which sends with the tenant's key, over
   * connections of its own: see the option `tenants`. Cheap enough to be
   * called for every message; nothing is made or asked before the first one.
   *
   * @param id - 1 to 256 characters
   * @throws InvalidOptionsError without the option `tenants`, and on the
   * service of a tenant; MailError `INVALID_MESSAGE` for an id that is none
   */
  forTenant(id: string): MailService {
    return new MailService(this.#outlet.ofTenant(id));
  }

  /**
   * Sends one message and resolves once the relay has accepted it for at
   * least one recipient; see the receipt's `rejected` for the others.
   *
   * The message takes its place in the queue before it is composed, and holds
   * it until it has settled. It may not be changed before then.
   *
   * @throws MailError `INVALID_MESSAGE`, `TEMPLATE`, `GUARD`, `SUPPRESSED`,
   * `QUEUE_FULL`, `ABORTED`, `TIMED_OUT`, `RELAY_UNAVAILABLE`, `SHUT_DOWN`, `ACCOUNT`, `SENDER`,
   * `REJECTED` or `OUTCOME_UNKNOWN`, always as a rejection; of a tenant also
   * `INVALID_OPTIONS`, for what `tenants` answers
   */
  send(message: MailMessage, options: SendOptions = {}): Promise<SendReceipt> {
    return this.#dispatch(message, withDefaults(message), options);
  }

  /**
   * Sends like {@link MailService.send}; `beforeBody` is started with the
   * envelope and awaited before the body leaves.
   *
   * @internal
   */
  sendAfter(
    message: MailMessage,
    options: SendOptions,
    beforeBody: () => Promise<void>,
  ): Promise<SendReceipt> {
    const data = withDefaults(message);
    return this.#dispatch(message, data, options, { beforeBody });
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
    this.#dispatch(message, data, options, { messageId }).catch(
      (error: unknown) => {
        const { telling, tenant } = this.#outlet;
        const failure = describeFailure(error, telling.masking);
        const whose = tenant === undefined ? '' : ` of ${shownTenant(tenant)}`;
        MODULE_LOGGER.error(`Mail ${messageId}${whose}: ${failure}`);
      },
    );
    return { messageId };
  }

  /**
   * Sends many messages, which are taken from `messages` as they can be sent:
   * see {@link SendRun}. Whatever `queue.whenFull` says, a full queue has the
   * source wait. Memory does not grow with their number.
   *
   * The run stops at the first fault of the account or a sender, and when the
   * application or the tenant is closing: what was taken and has not left is
   * taken back for a fault, and goes on until `shutdown.timeoutMs` is over in a
   * shutdown. Its totals say where to resume.
   *
   * @throws MailError `INVALID_MESSAGE` for an option that is none, and for
   * `messages` that cannot be iterated
   */
  sendMany(
    messages: Iterable<MailMessage> | AsyncIterable<MailMessage>,
    options: SendManyOptions = {},
  ): SendRun {
    admitSource('sendMany', messages);
    const { lane, split, ...settings } = admitRun(options);
    return new SendRun(
      new BulkRun({
        ...settings,
        name: 'sendMany',
        source: messages,
        unitOf: (message: MailMessage) => new Single(message),
        port: this.#port({ lane, split }),
      }),
    );
  }

  /**
   * Sends one message to any number of recipients, each with its own texts in
   * the place of tags: see {@link MergeMessage}. SendGrid makes a copy for each,
   * which names no other, of messages that carry 1,000 of them at a time. Runs,
   * stops and is read as {@link MailService.sendMany} is, with one outcome for
   * each recipient.
   *
   * A recipient that cannot be sent to is left out, with an outcome that says
   * why. The others of its message share one fate.
   *
   * @throws MailError `INVALID_MESSAGE` for what concerns all: an option that
   * is none, `cc` or `bcc`, a field that SendGrid would refuse
   */
  sendMerge(
    message: MergeMessage,
    options: SendMergeOptions = {},
  ): SendRun<MergeOutcome> {
    const portOf = (lane: Lane): RunPort => this.#port({ lane });
    const render = (whole: MergeMessage): Promise<MergeMessage> => {
      const { templates } = this.#outlet.open().options;
      return renderMessage(whole, templates);
    };
    const isRendered = namesTemplate(message);
    return mergeRun(message, options, portOf, isRendered ? render : undefined);
  }

  /**
   * Proves that the relay takes a connection and the key. The connection is
   * kept for use.
   *
   * @throws MailError `ACCOUNT` for a refused key, else `RELAY_UNAVAILABLE`
   */
  async verify(): Promise<void> {
    return this.#outlet.open().carrier.verify();
  }

  /**
   * A snapshot of connections, queue and totals, without those of tenants. A
   * tenant's totals count from when its pool was made.
   */
  stats(): MailStats {
    return this.#outlet.stats();
  }

  /**
   * Holds back everything that has not left; sends are still taken, and wait.
   * What waits for longer than `retry.maxHoldMs` fails with `EXPIRED`. Another
   * call only changes the reason. Pauses every tenant too, also those that come
   * later. When the application closes while paused, what is held is not sent
   * but settled at once, as `SHUT_DOWN`.
   *
   * @param reason - shown in `stats().paused` and logged
   */
  pause(reason: string): void {
    // Untyped callers may give none.
    this.#outlet.pause(reason ?? 'no reason was given');
  }

  /**
   * Goes on after {@link MailService.pause}; no use while it is SendGrid that
   * takes no mail from the account. Each pause is ended where it was made: a
   * tenant's own is not ended here.
   */
  resume(): void {
    this.#outlet.resume();
  }

  /**
   * Settles messages that have not left as not sent (`ABORTED`), and returns
   * them: those that are being composed, or wait for room in the queue, a
   * connection or another attempt. What is on the wire, or was taken for some
   * of its recipients already, is left alone. Covers every tenant.
   *
   * @throws MailError `INVALID_MESSAGE` for a `lane` that is none, and what
   * `where` throws; nothing is purged then
   */
  purge(options: PurgeOptions = {}): UnsentMail[] {
    const { lane, where = () => true } = admitPurge(options);
    return this.#outlet.purge(lane, where);
  }

  /**
   * Sets another `rateLimit`, or none with `undefined`, at once, also for what
   * waits. What left under the limit before counts. Tenants keep theirs; set it
   * for each.
   *
   * @throws InvalidOptionsError; the limit stays as it is then
   */
  setRateLimit(limit: SendGridSmtpRateLimitOptions | undefined): void {
    const resolved = limit === undefined ? undefined : resolveRateLimit(limit);
    this.#outlet.setRateLimit(resolved);
  }

  /**
   * Delivers what is pending and closes for good: later sends fail with
   * `SHUT_DOWN`. Repeated calls share the first one's promise, and the earliest
   * end of all their times. The application's shutdown calls it. Covers every
   * tenant, in one report. Of a tenant's service it closes the tenant's pool,
   * and a later send makes another.
   *
   * @throws MailError `INVALID_MESSAGE` for a `timeoutMs` that is none
   */
  async drain(options: DrainOptions = {}): Promise<DrainReport> {
    const { timeoutMs } = options;
    if (timeoutMs !== undefined) admitTimeout(timeoutMs);
    return this.#outlet.drain(timeoutMs);
  }

  /** What a run sends through. */
  #port(options: SendOptions): RunPort {
    const outlet = this.#outlet;
    const { log, masking } = outlet.telling;
    return {
      open: () => outlet.open(),
      enter: (run) => outlet.enter(run),
      warn: (line) => log.warn(masking.text(line)),
      send: (message, batch) =>
        this.#dispatch(message, withDefaults(message), options, { batch }),
    };
  }

  #dispatch(
    message: MailMessage,
    data: (line: MailLine) => SendMailOptions,
    options: SendOptions,
    within: Within = ALONE,
  ): Promise<SendReceipt> {
    const { tracer } = this.#outlet;
    if (tracer === undefined) {
      return this.#attempt(message, data, options, within);
    }
    // Untyped callers may give null.
    return tracer.trace(options?.lane, (onComposed) =>
      this.#attempt(message, data, options, within, onComposed),
    );
  }

  // Synchronous up to the wire when the queue has room and no plugin waits.
  async #attempt(
    message: MailMessage,
    data: (line: MailLine) => SendMailOptions,
    options: SendOptions,
    { messageId, batch, beforeBody }: Within,
    onComposed?: OnComposed,
  ): Promise<SendReceipt> {
    let lane: Lane = 'normal';
    let split = false;
    let cancellation: Cancellation | undefined;
    let ticket: SendTicket | undefined;
    try {
      ({ lane, cancellation, split } = admitSend(options));
      const line = this.#outlet.open();
      const submission = { lane, message, cancellation, batch };
      const reserved = line.carrier.reserve(submission);
      const place = reserved instanceof Promise ? await reserved : reserved;
      const taken = new SendTicket(place, cancellation, onComposed, split);
      taken.beforeBody = beforeBody;
      ticket = taken;
      if (line.options.mode === 'smtp') warnWithoutShutdownHooks();
      return await compose(taken, (callback) => {
        if (namesTemplate(message) && rendersTemplates(line)) {
          startRendered(line, message, taken, callback, messageId);
        } else start(line, data(line), taken, callback);
      });
    } catch (error) {
      tellRefused(this.#outlet.telling, error, lane, ticket, messageId);
      throw error;
    } finally {
      cancellation?.dispose();
    }
  }

  #identified(message: MailMessage): {
    data: () => SendMailOptions;
    messageId: string;
  } {
    const messageId = newMessageId();
    try {
      const { defaults } = this.#outlet.open().options;
      const data = mergeDefaults(defaults, message);
      assignIds(data);
      return { data: () => data, messageId: messageIdOf(data) ?? messageId };
    } catch (error) {
      const data = (): never => {
        throw error;
      };
      return { data, messageId };
    }
  }
}

/** What a send is a part of. */
interface Within {
  /** The Message-ID that was promised to the caller. */
  readonly messageId?: string;
  readonly batch?: Batch;

  /** Awaited before the body leaves. */
  readonly beforeBody?: (() => Promise<void>) | undefined;
}

const ALONE: Within = {};

function withDefaults(
  message: MailMessage,
): (line: MailLine) => SendMailOptions {
  return (line) => mergeDefaults(line.options.defaults, message);
}
