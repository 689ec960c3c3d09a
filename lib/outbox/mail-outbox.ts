import type { Observable } from 'rxjs';
import type { MailMessage } from '../message/mail-message.js';
import type { NamedMail } from '../options/unknown-send-store.js';
import type { SendGridSmtpRateLimitOptions } from '../options/rate-limit.options.js';
import { resolveRateLimit } from '../options/resolve-rate-limit.js';
import type { TemplateRenderer } from '../options/template-renderer.js';
import { namesTemplate, renderMessage } from '../render-message.js';
import {
  admitEntry,
  type AdmittedEntry,
  admitPage,
  jobIdOfRef,
} from './admit-entry.js';
import { BulkEntries } from './bulk-entries.js';
import type { FleetStatus } from './fleet/fleet-status.js';
import { failureOfJob, stateOfJob } from './job-view.js';
import type { ResolvedOutboxOptions } from './options/resolve-outbox-options.js';
import type { MailOutboxEvent } from './outbox-events.js';
import type {
  MailOutboxEnqueueOptions,
  MailOutboxEntry,
  MailOutboxFailure,
  MailOutboxMetrics,
  MailOutboxPage,
  MailOutboxRef,
  MailOutboxState,
  MailOutboxTicket,
} from './outbox-mail.js';
import { afterSome, noDecision, onlyWorker } from './outbox-errors.js';
import type { OutboxFleet } from './outbox-fleet.js';
import type { OutboxNews } from './outbox-news.js';
import { Reconciliation } from './reconciliation.js';
import type { JobStore } from './store/job-store.js';
import type { StoreEntry } from './store/stored-entry.js';

/** What a command of many messages may take, in milliseconds. */
const BULK_MS = 10_000;

/**
 * Puts mail into a store that outlives this process, from where workers send
 * it, and tells what has become of it.
 *
 * Every method rejects with MailError `STORE_UNAVAILABLE` when the store does
 * not answer, after 2 seconds at the latest; those that list or take many,
 * after 10.
 */
export class MailOutbox {
  readonly #options: ResolvedOutboxOptions;
  readonly #store: JobStore;
  readonly #news: OutboxNews;
  readonly #fleet: OutboxFleet;
  readonly #renderer: () => TemplateRenderer | undefined;
  readonly #reconciliation: Reconciliation;

  /**
   * What happens in the outbox of this process from the subscription on: what
   * it enqueues, and what its own worker does. Completes when the application
   * closes.
   */
  readonly events$: Observable<MailOutboxEvent>;

  /** @internal */
  constructor(
    options: ResolvedOutboxOptions,
    store: JobStore,
    news: OutboxNews,
    fleet: OutboxFleet,
    renderer: () => TemplateRenderer | undefined,
  ) {
    this.#options = options;
    this.#store = store;
    this.#news = news;
    this.#fleet = fleet;
    this.#renderer = renderer;
    this.#reconciliation = new Reconciliation(store, news, options.environment);
    this.events$ = news.events$;
  }

  /**
   * Puts a message into the store. Once this resolves it is there, and a worker
   * sends it, also when this process is gone. A template that it names is
   * rendered before, here.
   *
   * @throws MailError `INVALID_MESSAGE` for what cannot be stored: streams,
   * files, URLs, and more than `maxBytes`; `TEMPLATE`; `STORE_UNAVAILABLE`;
   * InvalidOptionsError in the role `worker`
   */
  async enqueue(
    message: MailMessage,
    options: MailOutboxEnqueueOptions = {},
  ): Promise<MailOutboxTicket> {
    // Untyped callers may give null.
    const { within, ...rest } = options ?? {};
    const entry = await this.#admit({ ...rest, message });
    const entries = [entry.stored];
    if (within === undefined) await this.#store.add(entries);
    else await this.#store.addWithin(within, entries);
    this.#tell(entry);
    return { id: entry.id, jobId: entry.jobId };
  }

  /**
   * Puts any number of messages into the store, in their order, with one
   * command for up to 500 of them or some 4 MiB.
   *
   * @returns how many there were
   * @throws MailError as {@link MailOutbox.enqueue}; its message says how many
   * had been enqueued before. With ids, all may be given again.
   */
  async enqueueMany(
    entries: Iterable<MailOutboxEntry> | AsyncIterable<MailOutboxEntry>,
  ): Promise<number> {
    const bulk = new BulkEntries();
    let enqueued = 0;
    const put = async (taken: readonly AdmittedEntry[]): Promise<void> => {
      await this.#store.add(storedOf(taken), BULK_MS);
      enqueued += taken.length;
      for (const entry of taken) this.#tell(entry);
    };
    // The next are made ready meanwhile.
    let last = Promise.resolve();
    const flush = async (): Promise<void> => {
      const taken = bulk.take();
      await last;
      last = put(taken);
      last.catch(toldLater);
    };
    try {
      for await (const entry of entries) {
        bulk.push(await this.#admit(entry));
        if (bulk.isFull) await flush();
      }
      if (!bulk.isEmpty) await flush();
      await last;
      return enqueued;
    } catch (error) {
      await last.catch(toldLater);
      throw afterSome(error, enqueued);
    }
  }

  /**
   * Takes a message back that waits for a worker or for its time, in one step of
   * the store: it is not sent from then on. Its id may be used again.
   *
   * @returns whether it was taken back; else it is being sent, may have been
   * sent by a worker that was lost, has ended, or is not there
   */
  async cancel(ref: MailOutboxRef): Promise<boolean> {
    return this.#store.cancel(this.#jobId(ref));
  }

  /** Where a message stands. */
  async status(ref: MailOutboxRef): Promise<MailOutboxState> {
    return stateOfJob(await this.#store.find(this.#jobId(ref)));
  }

  /** How many messages stand where, in the whole store. */
  async metrics(): Promise<MailOutboxMetrics> {
    const { active: sending, done, ...rest } = await this.#store.counts();
    return { ...rest, sending, remembered: done };
  }

  /**
   * Messages that were refused for good or tried often enough, the latest
   * first. Uncertain ones in between are left out, so a page may be short.
   */
  async failed(page: MailOutboxPage = {}): Promise<MailOutboxFailure[]> {
    const { offset, limit } = admitPage(page);
    const jobs = await this.#store.failed(offset, limit);
    return jobs
      .filter((job) => stateOfJob(job) === 'failed')
      .map((job) => failureOfJob(job, this.#options));
  }

  /**
   * Has a failed message tried again, with all its attempts.
   *
   * @returns whether there was one
   */
  async retry(ref: MailOutboxRef): Promise<boolean> {
    return this.#store.retry(this.#jobId(ref), 'failed');
  }

  /**
   * Messages that may have been sent, the oldest first: no reply came, or a
   * worker was lost meanwhile. They are sent again on {@link MailOutbox.resolve}
   * only.
   */
  async uncertain(page: MailOutboxPage = {}): Promise<MailOutboxFailure[]> {
    const { offset, limit } = admitPage(page);
    const jobs = await this.#store.uncertain(offset, limit);
    return jobs.map((job) => failureOfJob(job, this.#options));
  }

  /**
   * Decides on an uncertain message: it counts as `sent`, and its body is
   * erased, or it is sent again, **which delivers it twice if SendGrid had taken
   * it**. SendGrid's activity feed can be searched by its Message-ID.
   *
   * @returns whether there was one
   */
  async resolve(ref: MailOutboxRef, as: 'sent' | 'resend'): Promise<boolean> {
    const jobId = this.#jobId(ref);
    if (as === 'resend') return this.#store.retry(jobId, 'uncertain');
    if (as !== 'sent') throw noDecision();
    return this.#reconciliation.accept(jobId);
  }

  /**
   * Settles the messages that events of SendGrid name, as sent: those that are
   * uncertain, and those that were being sent when their worker was lost. Give
   * the outbox to `SendGridWebhook.reconcileWith` to have it told of all events.
   * Messages with a Message-ID of your own, `raw` ones and those to more than
   * 1,000 recipients are not settled so.
   *
   * @returns how many messages that settled
   * @throws MailError `STORE_UNAVAILABLE`
   */
  async reconcile(named: readonly NamedMail[]): Promise<number> {
    return this.#reconciliation.reconcile(named);
  }

  /**
   * Has every worker of the fleet send nothing, those too that start later,
   * until {@link MailOutbox.resume}: each follows within about a second, one that
   * cannot reach the store within `fleet.leaseMs`. What they have not sent goes
   * back to the store. In every role.
   *
   * @param reason - shown by {@link MailOutbox.fleet} and in the workers' logs
   * @throws InvalidOptionsError without the option `fleet`
   */
  async pause(reason: string): Promise<void> {
    // Untyped callers may give none.
    const why = reason ?? 'no reason was given';
    await this.#fleet.ask('pause', (fleet) => fleet.pause(why));
  }

  /**
   * Lets every worker of the fleet go on.
   *
   * @throws InvalidOptionsError without the option `fleet`
   */
  async resume(): Promise<void> {
    await this.#fleet.ask('resume', (fleet) => fleet.resume());
  }

  /**
   * Sets another rate for the whole fleet, or none with `undefined`. It outlasts
   * restarts, until a worker starts whose option `fleet` differs from before.
   *
   * @throws InvalidOptionsError for a limit that is none, and without the option
   * `fleet`
   */
  async setRateLimit(
    limit: SendGridSmtpRateLimitOptions | undefined,
  ): Promise<void> {
    const resolved = limit && resolveRateLimit(limit);
    await this.#fleet.ask('setRateLimit', (fleet) =>
      fleet.setRateLimit(resolved),
    );
  }

  /**
   * The limits in force, and the share of each worker, as the store knows them.
   *
   * @throws InvalidOptionsError without the option `fleet`
   */
  async fleet(): Promise<FleetStatus> {
    return this.#fleet.ask('fleet', (fleet) => fleet.status());
  }

  async #admit(entry: MailOutboxEntry): Promise<AdmittedEntry> {
    if (this.#options.role === 'worker') throw onlyWorker();
    const { message } = entry;
    if (!namesTemplate(message)) return admitEntry(entry, this.#options);
    const whole = await renderMessage(message, this.#renderer());
    return admitEntry({ ...entry, message: whole }, this.#options);
  }

  #jobId(ref: MailOutboxRef): string {
    return jobIdOfRef(ref, this.#options);
  }

  #tell({ id, jobId, stored: { lane } }: AdmittedEntry): void {
    this.#news.tell({ type: 'enqueued', id, jobId, lane });
  }
}

function storedOf(entries: readonly AdmittedEntry[]): StoreEntry[] {
  return entries.map(({ stored }) => stored);
}

// To the caller, once it is waited for.
function toldLater(): void {}
