import type { JobsOptions } from 'bullmq';
import { LANES, type Lane } from '../../pool/lane.js';
import type { FleetStore } from '../fleet/fleet-store.js';
import type { StoredJob } from '../job/stored-job.js';
import { markOf, type BeginMark } from './begin-mark.js';
import { EngineFleetStore } from './engine-fleet-store.js';
import type { JobQueue, QueuePlace } from './engine.js';
import { failedJob, found, foundJob, isHeld } from './found-job.js';
import { JointAdding } from './joint-adding.js';
import { laneOf, priorityOf } from './lane-priority.js';
import {
  CALL_MS,
  StoreConnection,
  type OnTrouble,
} from './store-connection.js';
import type { FoundJob, StoreCounts, StoreEntry } from './stored-entry.js';
import { takeBack } from './take-back.js';
import {
  withinTransaction,
  type MailOutboxTransaction,
} from './transaction.js';
import { UncertainIndex } from './uncertain-index.js';

/** How long what was enqueued is kept, in milliseconds. */
export interface Keeping {
  readonly idempotencyWindowMs: number;
  readonly retentionMs: number;
}

/** Name of the engine's jobs, which dashboards show. */
const NAME = 'mail';

// Whether to try again is for the worker to say, which fails for good otherwise.
const ATTEMPTS = 1_000_000;

/** What looks through many messages may take, in milliseconds. */
const LOOK_MS = 10_000;

/** How many messages are put in at once by a command each. */
const FEW = 4;

/** The messages in the store, for those who put them in and look at them. */
export class JobStore {
  readonly #place: QueuePlace;
  readonly #keeping: Keeping;
  readonly #connection: StoreConnection;
  readonly #joint: JointAdding<StoreEntry>;

  constructor(place: QueuePlace, keeping: Keeping, onTrouble: OnTrouble) {
    this.#place = place;
    this.#keeping = keeping;
    this.#connection = new StoreConnection(place, onTrouble);
    this.#joint = new JointAdding((entries) => this.#addJoint(entries));
  }

  /**
   * Proves that the store can be used.
   *
   * @throws MailError `STORE_UNAVAILABLE`, InvalidOptionsError
   */
  async verify(): Promise<void> {
    await this.#connection.run(() => Promise.resolve());
  }

  /** Puts messages in, all or none; of an id that is there already, nothing. */
  async add(entries: readonly StoreEntry[], ms = CALL_MS): Promise<void> {
    const [entry] = entries;
    const isJoint = this.#place.store.engine === 'postgres';
    if (isJoint && entry !== undefined && entries.length === 1) {
      await this.#joint.add(entry);
    } else {
      await this.#connection.run((queue) => this.#add(queue, entries), ms);
    }
  }

  /**
   * Puts messages in within the caller's transaction of PostgreSQL.
   *
   * @throws InvalidOptionsError of a store that is no PostgreSQL, and what the
   * client throws
   */
  async addWithin(
    client: MailOutboxTransaction,
    entries: readonly StoreEntry[],
  ): Promise<void> {
    // So that there is a schema, which is not to be made in there.
    await this.verify();
    await withinTransaction(this.#place, client, (queue) =>
      this.#add(queue, entries),
    );
  }

  /** Removes a message that waits; whether there was one. */
  async cancel(jobId: string): Promise<boolean> {
    return this.#connection.run((queue) => takeBack(queue, jobId));
  }

  async find(jobId: string): Promise<FoundJob | undefined> {
    return this.#connection.run((queue) => found(queue, jobId));
  }

  /** Messages that failed, the latest first; some of them may be uncertain. */
  async failed(offset: number, limit: number): Promise<FoundJob[]> {
    return this.#connection.run(async (queue) => {
      const last = offset + limit - 1;
      const jobs = await queue.getJobs(['failed'], offset, last);
      return jobs.map((job) => foundJob(job, 'failed'));
    }, LOOK_MS);
  }

  /** Messages that may have been sent, the oldest first. */
  async uncertain(offset: number, limit: number): Promise<FoundJob[]> {
    return this.#connection.run(async (queue) => {
      const index = this.#index(queue);
      const ids = await index.list(offset, limit);
      const jobs = await Promise.all(ids.map((id) => found(queue, id)));
      const held = jobs.filter((job) => job !== undefined).filter(isHeld);
      const gone = ids.filter((id) => !held.some(({ jobId }) => jobId === id));
      // Resolved, or kept for as long as they were to be.
      await Promise.all(gone.map((id) => index.remove(id)));
      return held;
    }, LOOK_MS);
  }

  /** Has a failed message tried again; whether there was one. */
  async retry(jobId: string, which: 'failed' | 'uncertain'): Promise<boolean> {
    return this.#connection.run(async (queue) => {
      const job = await failedJob(queue, jobId, which);
      if (job === undefined) return false;
      // Whoever takes it begins anew.
      await job.updateProgress(0);
      await job.retry('failed', RESET);
      if (which === 'uncertain') await this.#index(queue).remove(jobId);
      return true;
    });
  }

  /** Has an uncertain message count as sent; whether there was one. */
  async settle(
    jobId: string,
    erased: (lane: Lane) => StoredJob,
  ): Promise<boolean> {
    return this.#connection.run(async (queue) => {
      const job = await failedJob(queue, jobId, 'uncertain');
      if (job === undefined) return false;
      await job.updateData(erased(laneOf(job.priority)));
      // A worker moves it to those that were sent.
      await job.retry('failed', RESET);
      await this.#index(queue).remove(jobId);
      return true;
    });
  }

  /**
   * Ids of messages that may have been sent, or are being sent, up to so many of
   * either.
   */
  async doubtful(most: number): Promise<string[]> {
    return this.#connection.run(async (queue) => {
      const active = queue.getBackend().getRanges(['active'], 0, most - 1);
      const uncertain = this.#index(queue).list(0, most);
      return (await Promise.all([uncertain, active])).flat(2);
    });
  }

  /** Notes that a message which a worker has or had was sent; whether it was there. */
  async noteAccepted(jobId: string, mark: BeginMark): Promise<boolean> {
    return this.#connection.run(async (queue) => {
      const job = await queue.getJob(jobId);
      if (markOf(job?.progress)?.begunAt !== mark.begunAt) return false;
      await job?.updateProgress({ ...mark, acceptedAt: Date.now() });
      return true;
    });
  }

  /** Notes that a message may have been sent, before it is given up. */
  async noteUncertain(jobId: string): Promise<void> {
    await this.#connection.run((queue) => this.#index(queue).add(jobId));
  }

  async counts(): Promise<StoreCounts> {
    return this.#connection.run(async (queue) => {
      const [byState, byPriority, uncertain] = await Promise.all([
        queue.getJobCounts('delayed', 'active', 'failed', 'completed'),
        queue.getCountsPerPriority(LANES.map(priorityOf)),
        this.#index(queue).count(),
      ]);
      const { delayed = 0, active = 0, failed = 0, completed = 0 } = byState;
      const waiting = (lane: Lane): number => byPriority[priorityOf(lane)] ?? 0;
      return {
        waiting: {
          urgent: waiting('urgent'),
          normal: waiting('normal'),
          bulk: waiting('bulk'),
        },
        delayed,
        active,
        failed: Math.max(0, failed - uncertain),
        done: completed,
        uncertain,
      };
    });
  }

  /** How many messages wait for a worker, counted up to `most`. */
  async waiting(most: number): Promise<number> {
    return this.#connection.run(async (queue) => {
      const backend = queue.getBackend();
      const ids = await backend.getRanges(['prioritized'], 0, most - 1, true);
      return ids.flat().length;
    });
  }

  /** Where the fleet of this queue keeps its record. */
  get fleet(): FleetStore {
    return new EngineFleetStore(this.#connection, this.#place);
  }

  /** Removes what was kept for as long as it was to be. */
  async tidy(): Promise<void> {
    const { idempotencyWindowMs, retentionMs } = this.#keeping;
    await this.#connection.run(async (queue) => {
      await queue.clean(idempotencyWindowMs, TIDIED, 'completed');
      await queue.clean(retentionMs, TIDIED, 'failed');
    }, LOOK_MS);
    // Leaves out of the index what is gone, which would be counted still.
    await this.uncertain(0, INDEXED);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /**
   * PostgreSQL commits one after another, each with a write to its disk, what
   * tells workers of a job. A command for many takes as long as a few of one.
   */
  #addJoint(entries: readonly StoreEntry[]): Promise<unknown> {
    return this.#connection.run<unknown>((queue) =>
      entries.length > FEW
        ? this.#add(queue, entries)
        : Promise.all(entries.map((entry) => this.#add(queue, [entry]))),
    );
  }

  async #add(queue: JobQueue, entries: readonly StoreEntry[]): Promise<void> {
    const jobs = entries.map((entry) => ({
      name: NAME,
      data: entry.data,
      opts: this.#optionsOf(entry),
    }));
    const [job] = jobs;
    if (jobs.length > 1) await queue.addBulk(jobs);
    else if (job !== undefined) await queue.add(NAME, job.data, job.opts);
  }

  #optionsOf({ jobId, lane, delayMs, remembered }: StoreEntry): JobsOptions {
    const { idempotencyWindowMs, retentionMs } = this.#keeping;
    return {
      jobId,
      priority: priorityOf(lane),
      attempts: ATTEMPTS,
      backoff: { type: 'custom' },
      stackTraceLimit: 0,
      removeOnComplete: remembered
        ? { age: seconds(idempotencyWindowMs) }
        : true,
      removeOnFail: { age: seconds(retentionMs) },
      ...(delayMs > 0 && { delay: delayMs }),
    };
  }

  #index(queue: JobQueue): UncertainIndex {
    return UncertainIndex.of(queue, this.#place.prefix);
  }
}

const RESET = { resetAttemptsMade: true };

/** How many are removed at once, so that nobody waits for long. */
const TIDIED = 5000;

/** How many of the index are looked at in one go. */
const INDEXED = 1000;

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
