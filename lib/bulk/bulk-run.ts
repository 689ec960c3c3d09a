import { Batch } from '../delivery/batch.js';
import { isMailError, type MailError } from '../errors/mail-error.js';
import { invalidMessage } from '../message/invalid-message.js';
import { onAbort } from '../pool/abort-hub.js';
import type { Run } from '../transport/runs.js';
import { Ending } from './ending.js';
import { Feed, type FeedUser } from './feed.js';
import { OutcomeReader } from './outcome-reader.js';
import type { RunSettings } from './run-settings.js';
import {
  accepted,
  failed,
  type SendOutcome,
  type Settled,
} from './send-outcome.js';
import type { SendProgress, SendStop, SendTotals } from './send-totals.js';
import { stopNews } from './stop-news.js';
import { aborted, faultIn, isLeft, stopAfter, takenBack } from './stopping.js';
import { Tally, type Flight } from './tally.js';
import type { Unit } from './unit.js';

/**
 * How many messages are under way at most for each connection, unless the
 * caller says, and in all. Many more would only wait, and outlive the garbage
 * collections that cost the least.
 */
const EACH = 10;
const LEAST = 100;

/** Takes messages from a source and sends them, a bounded number at a time. */
export class BulkRun<T, Outcome extends SendOutcome>
  implements Run, FeedUser<T>
{
  readonly #settings: RunSettings<T, Outcome>;
  readonly #feed: Feed<T>;
  readonly #tally = new Tally();
  readonly #batch = new Batch(() => this.progress());
  readonly #ending = new Ending<SendTotals>();
  #reader: OutcomeReader<Outcome> | undefined;
  #state: 'new' | 'running' | 'over' = 'new';
  #stop: SendStop | undefined;
  #concurrency = LEAST;
  #leave: (() => void) | undefined;
  #ignore: (() => void) | undefined;

  constructor(settings: RunSettings<T, Outcome>) {
    this.#settings = settings;
    this.#feed = new Feed(settings.source, this);
  }

  /** Settles once all that was taken has ended; rejects with the source's error. */
  get ended(): Promise<SendTotals> {
    return this.#ending.promise;
  }

  get totals(): SendTotals {
    return this.#tally.totals(this.#stop);
  }

  get sendProgress(): SendProgress {
    return this.#tally.progress(this.#settings.total);
  }

  get hasRoom(): boolean {
    const held = this.#tally.flying + (this.#reader?.size ?? 0);
    return held < this.#concurrency && !this.#batch.full;
  }

  /** Begins, unless it has begun, or is for a reader to begin. */
  startUnread(): void {
    if (this.#reader === undefined) this.#start();
  }

  /**
   * Keeps the outcomes for one reader, who begins it and whom it waits for.
   *
   * @throws MailError `INVALID_MESSAGE` when it was begun, or has a reader
   */
  keepOutcomes(): void {
    if (this.#state !== 'new' || this.#reader !== undefined) {
      throw invalidMessage(
        `A run of \`${this.#settings.name}\` can be iterated once, and not after it was awaited. Make another run.`,
      );
    }
    this.#reader = new OutcomeReader();
  }

  /** The next outcome, once there is one. */
  async read(): Promise<IteratorResult<Outcome, undefined>> {
    this.#start();
    const next = this.#reader?.read();
    this.progress();
    return (await next) ?? { done: true, value: undefined };
  }

  /** Nobody reads outcomes any more. */
  abandon(): void {
    this.#reader?.close();
    this.#halt({ reason: 'break' });
  }

  take(item: T): void {
    void this.#carry(this.#settings.unitOf(item));
  }

  sourceFailed(error: unknown): void {
    this.#stop ??= { reason: 'source', error };
  }

  closing(): void {
    this.#halt({ reason: 'shutdown' });
  }

  accountFault(): void {
    const reason = this.#stop?.reason;
    // What is under way then goes on whatever happens.
    if (reason === 'break' || reason === 'shutdown') return;
    const fault = this.#open();
    if (fault !== undefined) this.#halt(fault);
  }

  /** Moves on after anything has changed. */
  progress(): void {
    if (this.#state === 'over') return;
    this.#feed.flow();
    if (this.#feed.over && this.#tally.flying === 0) this.#end();
  }

  #start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    this.#tally.start();
    const { port, signal } = this.#settings;
    this.#leave = port.enter(this);
    if (this.#leave === undefined) return this.#halt({ reason: 'shutdown' });
    if (signal?.aborted === true) return this.#onAbort();
    this.#ignore = signal && onAbort(signal, this.#onAbort);
    const fault = this.#open();
    if (fault !== undefined) this.#halt(fault);
    this.progress();
  }

  readonly #onAbort = (): void => {
    const { signal } = this.#settings;
    this.#halt({ reason: 'aborted', error: aborted(signal?.reason) });
  };

  /** Looks at what it sends through: why nothing can be sent, if so. */
  #open(): SendStop | undefined {
    const { port, concurrency } = this.#settings;
    try {
      const { carrier, options } = port.open();
      const half = Math.ceil(options.queue.maxMessages / 2);
      const enough = Math.max(LEAST, EACH * options.pool.maxConnections);
      this.#concurrency = concurrency ?? Math.min(enough, half);
      const error = carrier.accountFault;
      return error && { reason: 'account', error };
    } catch (error) {
      if (isMailError(error)) return stopAt(error);
      throw error;
    }
  }

  async #carry(unit: Unit<Outcome>): Promise<void> {
    const flight = this.#tally.begin(unit.count);
    const { port } = this.#settings;
    let settled: Settled;
    try {
      if (unit.refusal !== undefined) throw unit.refusal;
      settled = accepted(await port.send(unit.message, this.#batch));
    } catch (error) {
      settled = failed(error);
    }
    this.#land(unit, flight, settled);
  }

  #land(unit: Unit<Outcome>, flight: Flight, settled: Settled): void {
    const left = isLeft(settled, this.#batch.recalled);
    this.#tally.land(flight, left ? 'left' : 'done');
    let stop: SendStop | undefined;
    for (const outcome of unit.outcomes(flight.index, settled)) {
      this.#tally.count(outcome.status);
      this.#reader?.push(outcome);
      stop ??= stopAfter(outcome, this.#settings.stopOnError);
    }
    if (stop !== undefined) this.#halt(stop);
    this.progress();
  }

  /** Takes no more; what has not left is taken back where the reason asks for it. */
  #halt(stop: SendStop): void {
    if (this.#state === 'over') return;
    this.#stop ??= stop;
    this.#feed.stop();
    const error = takenBack(stop, this.#stop);
    if (error !== undefined) this.#batch.recall(error);
    this.progress();
  }

  #end(): void {
    this.#state = 'over';
    this.#tally.end();
    this.#leave?.();
    this.#ignore?.();
    const { totals } = this;
    const { name, port } = this.#settings;
    const news = stopNews(name, totals);
    if (news !== undefined) port.warn(news);
    const stop = this.#stop;
    if (stop?.reason === 'source') {
      this.#reader?.end({ thrown: stop.error });
      this.#ending.reject(stop.error);
    } else {
      this.#reader?.end();
      this.#ending.resolve(totals);
    }
  }
}

function stopAt(error: MailError): SendStop {
  return faultIn(error) ?? { reason: 'account', error };
}
