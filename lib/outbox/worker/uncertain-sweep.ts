import type { MailOutbox } from '../mail-outbox.js';
import type { ResolvedOutboxOptions } from '../options/resolve-outbox-options.js';
import type { JobStore } from '../store/job-store.js';
import type { FoundJob } from '../store/stored-entry.js';

/** How many uncertain messages are looked at in one go, the oldest first. */
const MOST = 1000;

/** What a {@link UncertainSweep} works with. */
export interface UncertainSweepSettings {
  readonly options: Pick<ResolvedOutboxOptions, 'onUnknown' | 'reconcileMs'>;
  readonly store: JobStore;
  readonly outbox: Pick<MailOutbox, 'resolve'>;
}

/**
 * Settles uncertain messages that an event named before they were uncertain,
 * and, where that was chosen, has those sent again that none has named in time.
 */
export class UncertainSweep {
  readonly #settings: UncertainSweepSettings;
  readonly #startedAt = Date.now();

  constructor(settings: UncertainSweepSettings) {
    this.#settings = settings;
  }

  async run(): Promise<void> {
    const jobs = await this.#settings.store.uncertain(0, MOST);
    await Promise.all(jobs.map((job) => this.#decide(job)));
  }

  async #decide({ jobId, mark, finishedAt }: FoundJob): Promise<void> {
    const { store, outbox } = this.#settings;
    // One whose mark says that no event can tell of it is somebody's to decide.
    if (mark?.traceable !== true) return;
    const isAccepted = mark.acceptedAt !== undefined;
    if (isAccepted) await outbox.resolve({ jobId }, 'sent');
    else if (this.#isDue(finishedAt)) await store.retry(jobId, 'uncertain');
  }

  #isDue(finishedAt: Date | undefined): boolean {
    const { onUnknown, reconcileMs } = this.#settings.options;
    if (onUnknown !== 'reconcile') return false;
    // While no process ran, none was handed events.
    const since = Math.max(finishedAt?.getTime() ?? 0, this.#startedAt);
    return Date.now() >= since + reconcileMs;
  }
}
