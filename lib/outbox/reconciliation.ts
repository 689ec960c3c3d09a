import type { NamedMail } from '../options/unknown-send-store.js';
import { localPartOf, namePartOf } from './job/job-ids.js';
import { eraseJob, JOB_VERSION } from './job/stored-job.js';
import type { OutboxNews } from './outbox-news.js';
import type { BeginMark } from './store/begin-mark.js';
import type { JobStore } from './store/job-store.js';

/** How many messages in doubt are compared with what events name. */
const MOST = 10_000;

/** By how much the clocks of SendGrid and of a worker may differ, in milliseconds. */
const APART_MS = 60_000;

/** Settles messages that may have been sent, and that SendGrid's events name. */
export class Reconciliation {
  readonly #store: JobStore;
  readonly #news: OutboxNews;
  readonly #environment: string;
  /** The jobs in doubt of the last time, by what their Message-IDs begin with. */
  #jobs = new Map<string, string>();

  constructor(store: JobStore, news: OutboxNews, environment: string) {
    this.#store = store;
    this.#news = news;
    this.#environment = environment;
  }

  /** Resolves with how many it settled. */
  async reconcile(named: readonly NamedMail[]): Promise<number> {
    const names = timesByName(named);
    if (names.size === 0) return 0;
    await this.#look();
    const settled = await Promise.all(
      [...names].map(([name, at]) => this.#settle(this.#jobs.get(name), at)),
    );
    return settled.filter(Boolean).length;
  }

  /** Has a message count as sent that an event has named; whether it was uncertain. */
  accept(jobId: string): Promise<boolean> {
    const environment = this.#environment;
    return this.#store.settle(jobId, (lane) =>
      eraseJob({ v: JOB_VERSION, environment, lane, body: '' }),
    );
  }

  /** Hashes are made once of each. */
  async #look(): Promise<void> {
    const known = new Map([...this.#jobs].map(([name, id]) => [id, name]));
    const ids = await this.#store.doubtful(MOST);
    this.#jobs = new Map(
      ids.map((id) => [known.get(id) ?? namePartOf(id), id]),
    );
  }

  async #settle(jobId: string | undefined, at: number): Promise<boolean> {
    const job = jobId && (await this.#store.find(jobId));
    if (!job || !job.mark || !tells(job.mark, at)) return false;
    const { state, mark } = job;
    const settled =
      state === 'failed'
        ? await this.accept(job.jobId)
        : await this.#store.noteAccepted(job.jobId, mark);
    if (settled) this.#news.tell({ type: 'reconciled', jobId: job.jobId });
    return settled;
  }
}

/** Whether an event of that time is about what was begun, and not told of yet. */
function tells(
  { begunAt, traceable, acceptedAt }: BeginMark,
  at: number,
): boolean {
  return traceable && acceptedAt === undefined && at + APART_MS >= begunAt;
}

/** When each was last named, of those that may be an outbox's. */
function timesByName(named: readonly NamedMail[]): Map<string, number> {
  const names = new Map<string, number>();
  for (const { messageId, at = Infinity } of named) {
    const name = localPartOf(messageId);
    if (name === undefined) continue;
    names.set(name, Math.max(at, names.get(name) ?? -Infinity));
  }
  return names;
}
