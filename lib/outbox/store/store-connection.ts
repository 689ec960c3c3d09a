import { invalidOutboxOptions } from '../options/resolve-outbox-options.js';
import { Deadline } from './deadline.js';
import {
  evictionPolicy,
  openQueue,
  type JobQueue,
  type QueuePlace,
  whenConnected,
} from './engine.js';
import { asStoreError, storeUnavailable } from './store-error.js';

/** Tells that the store was lost, and why. */
export type OnTrouble = (error: unknown) => void;

/** How long a caller waits for the store, in milliseconds. */
export const CALL_MS = 2000;

/** Said of a call that took longer. */
export const LATE = lateAfter(CALL_MS);

/** The queue in the store, opened on first use and again after it failed to. */
export class StoreConnection {
  readonly #place: QueuePlace;
  readonly #onTrouble: OnTrouble;
  #opening: Promise<JobQueue> | undefined;
  #connecting: Promise<JobQueue> | undefined;
  #queue: JobQueue | undefined;
  #closed = false;

  constructor(place: QueuePlace, onTrouble: OnTrouble) {
    this.#place = place;
    this.#onTrouble = onTrouble;
  }

  /**
   * Runs commands, once there is a connection.
   *
   * @throws MailError `STORE_UNAVAILABLE` when that fails, or takes longer than
   * `ms`; InvalidOptionsError for a store that loses what it holds
   */
  async run<T>(
    work: (queue: JobQueue) => Promise<T>,
    ms = CALL_MS,
  ): Promise<T> {
    const deadline = new Deadline(ms);
    const late = lateAfter(ms);
    const queue = await deadline
      .of(this.#connected(), () => storeUnavailable(late, 'not-reached'))
      .catch((error: unknown) => {
        throw asStoreError(error, 'not-reached');
      });
    return deadline
      .of(work(queue), () => storeUnavailable(late, 'maybe-done'))
      .catch((error: unknown) => {
        throw asStoreError(error, 'maybe-done');
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const queue = this.#queue;
    this.#queue = undefined;
    if (queue !== undefined) await shut(queue);
  }

  /** Shared by everybody who waits for it at the time. */
  #connected(): Promise<JobQueue> {
    if (this.#closed)
      throw storeUnavailable('the outbox is closed', 'not-reached');
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<JobQueue> {
    this.#opening ??= this.#open();
    const queue = await this.#opening;
    await whenConnected(queue);
    return queue;
  }

  async #open(): Promise<JobQueue> {
    const queue = openQueue(this.#place);
    queue.on('error', this.#onTrouble);
    this.#queue = queue;
    try {
      await queue.waitUntilReady();
      refuseEviction(await evictionPolicy(queue));
      return queue;
    } catch (error) {
      // BullMQ remembers that it could not connect, so another one has to try.
      this.#opening = undefined;
      await shut(queue);
      throw error;
    }
  }
}

function lateAfter(ms: number): string {
  return `no answer within ${ms} ms`;
}

function refuseEviction(policy: string | undefined): void {
  if (policy === undefined || policy === 'noeviction') return;
  throw invalidOutboxOptions([
    {
      option: 'connection',
      problem: `is a Redis that drops what it holds when its memory is full (\`maxmemory-policy ${policy}\`), and so would lose mail: set it to \`noeviction\``,
    },
  ]);
}

// Closing waits for commands that are under way, which may be for ever.
const CLOSE_MS = 2000;

async function shut(queue: JobQueue): Promise<void> {
  await new Deadline(CLOSE_MS).of(queue.close(), noAnswer).catch(() => {
    // That may take for ever, too.
    queue.disconnect().catch(() => undefined);
  });
}

function noAnswer(): Error {
  return new Error('The store does not answer.');
}
