import { type MinimalJob, UnrecoverableError, WaitingError } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredJob } from '../job/stored-job.js';
import { Deadline } from './deadline.js';
import { type EngineWorker, openWorker, type QueuePlace } from './engine.js';
import type { EngineJob } from './engine.js';
import { failureText } from './failure-text.js';
import { JobLease } from './job-lease.js';
import type { OnTrouble } from './store-connection.js';
import { persist } from './persist.js';
import type { JobHandler, JobVerdict } from './taken-job.js';

/** What a {@link JobWorker} works with. */
export interface JobWorkerSettings {
  readonly place: QueuePlace;
  readonly concurrency: number;
  readonly lockMs: number;
  readonly handle: JobHandler;

  /** Notes that a job may have been sent, before it is given up. */
  readonly noteUncertain: (jobId: string) => Promise<void>;
  readonly onTrouble: OnTrouble;
}

// Workers die and are restarted; a job is not to blame for it.
const MAX_STALLS = 1_000_000;

/**
 * How often the engine looks, while a lock lasts, for jobs whose worker is lost.
 * It moves what it finds unlocked for the second time, and starts the interval
 * anew when more is to be taken at once: with two, each is found within twice
 * the lock.
 */
const LOOKS = 2;

/** How long to wait before the next try to open the store, in milliseconds. */
const REOPEN_MS = 1000;

/** Takes jobs off the store, and does with each what becomes of it. */
export class JobWorker {
  readonly #settings: JobWorkerSettings;
  #worker: EngineWorker | undefined;
  /** What stays of those that were sent, until the engine was told. */
  readonly #done = new WeakMap<object, StoredJob>();
  #concurrency: number;
  #paused = false;
  /** Whether the engine's worker has been told to run. */
  #begun = false;
  #stopping: Promise<void> | undefined;

  constructor(settings: JobWorkerSettings) {
    this.#settings = settings;
    this.#concurrency = settings.concurrency;
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** Starts taking jobs, as soon as the store can be reached. */
  start(): void {
    void this.#run();
  }

  /** Takes no further jobs; those taken go on. */
  pause(): void {
    this.#paused = true;
    if (this.#begun) void this.#worker?.pause(true);
  }

  /** Takes jobs again, so many at once. */
  resume(concurrency: number): void {
    const isRaised = concurrency > this.#concurrency;
    this.#concurrency = concurrency;
    this.#paused = false;
    const worker = this.#worker;
    // One that has not begun would run twice.
    if (worker === undefined || !this.#begun) return;
    worker.concurrency = concurrency;
    // Its loop looks at that when a job ends; resuming has it look now.
    if (isRaised) void worker.pause(true);
    void worker.resume();
  }

  /**
   * Takes no further jobs, and resolves once those taken have ended, or after
   * `ms`. Never rejects.
   */
  stop(ms: number): Promise<void> {
    this.#stopping ??= this.#stop(ms);
    return this.#stopping;
  }

  async #run(): Promise<void> {
    if (this.isStopping) return;
    try {
      this.#worker = this.#open();
      await this.#worker.waitUntilReady();
      await this.#begin(this.#worker);
      return;
    } catch (error) {
      this.#settings.onTrouble(error);
    }
    // BullMQ remembers that it could not connect, so another one has to try.
    const worker = this.#worker;
    this.#worker = undefined;
    this.#begun = false;
    await worker?.close(true).catch(() => undefined);
    await sleep(REOPEN_MS, undefined, { ref: false });
    await this.#run();
  }

  async #begin(worker: EngineWorker): Promise<void> {
    if (this.isStopping) return;
    worker.concurrency = this.#concurrency;
    // Nothing may resume it between these.
    if (this.#paused) void worker.pause(true);
    this.#begun = true;
    await worker.run();
  }

  #open(): EngineWorker {
    const { place, lockMs, onTrouble } = this.#settings;
    const worker = openWorker(
      place,
      (job, token = '') => this.#process(job, token),
      {
        concurrency: this.#concurrency,
        lockDuration: lockMs,
        stalledInterval: lockMs / LOOKS,
        maxStalledCount: MAX_STALLS,
        runRetryDelay: REOPEN_MS,
        settings: {
          backoffStrategy: (_attempts, _type, error, job) =>
            this.#delayOf(error, job),
        },
      },
    );
    worker.on('error', onTrouble);
    return worker;
  }

  async #process(job: EngineJob, token: string): Promise<void> {
    const { lockMs, handle } = this.#settings;
    const lease = new JobLease(job, token, lockMs);
    const verdict: JobVerdict = this.isStopping
      ? { kind: 'returned' }
      : await handle(lease);
    if (verdict.kind === 'done') this.#done.set(job, verdict.erased);
    await this.#settle(lease, verdict);
  }

  /** Resolves when the job is done; else throws what tells the engine. */
  async #settle(lease: JobLease, verdict: JobVerdict): Promise<void> {
    switch (verdict.kind) {
      case 'done':
        // The engine removes whole what is not remembered.
        if (!lease.remembered) return;
        return persist(() => lease.erase(verdict.erased));
      case 'failed':
        await persist(() => lease.unmark());
        throw new UnrecoverableError(failureText(verdict));
      case 'uncertain':
        await persist(() => this.#settings.noteUncertain(lease.jobId));
        throw new UnrecoverableError(failureText(verdict));
      case 'deferred':
        await persist(() => lease.unmark());
        throw new DeferredError(failureText(verdict), verdict.delayMs);
      case 'delayed':
        await persist(() => lease.delay(verdict.delayMs));
        break;
      case 'returned':
        await persist(() => lease.giveBack());
        break;
      case 'lost':
    }
    // It has been moved, or is another worker's: the engine leaves it alone.
    throw new WaitingError();
  }

  /** After how many milliseconds a job is tried again. */
  async #delayOf(error?: Error, job?: MinimalJob): Promise<number> {
    if (error instanceof DeferredError) return Math.max(1, error.delayMs);
    const erased = job && this.#done.get(job);
    if (job === undefined || erased === undefined) return OTHERWISE_MS;
    // It was sent, and the engine could not be told: whoever takes it next is.
    await persist(() => job.updateData(erased));
    return 1;
  }

  async #stop(ms: number): Promise<void> {
    const worker = this.#worker;
    this.#begun = false;
    if (worker === undefined) return;
    await new Deadline(ms).of(worker.close(), stillUnderWay).catch(() => {
      // That may take for ever, too.
      worker.disconnect().catch(() => undefined);
    });
  }
}

function stillUnderWay(): Error {
  return new Error('Jobs are still under way.');
}

/** The job is tried again after a while. */
class DeferredError extends Error {
  readonly delayMs: number;

  constructor(message: string, delayMs: number) {
    super(message);
    this.delayMs = delayMs;
  }
}

// Of whatever else goes wrong: the store, or this code.
const OTHERWISE_MS = 5000;
