import type { MailError } from '../errors/mail-error.js';
import type { ResolvedRateLimit } from '../options/resolved-options.js';
import { DispatchQueue } from './dispatch-queue.js';
import type { Holds } from './holds.js';
import { LANES, type Lane } from './lane.js';
import type { Parcel } from './parcel.js';
import { RateLimiter } from './rate-limiter.js';
import { heldTooLong } from './unavailable.js';

/** What waits for a connection, and how much of it may leave now. */
export class Backlog {
  readonly #queue = new DispatchQueue<Parcel>();
  readonly #holds: Holds;
  readonly #rate: RateLimiter;
  readonly #bytes: Record<Lane, number> = { urgent: 0, normal: 0, bulk: 0 };

  /** `onRoom` is called when the rate lets something leave that had to wait. */
  constructor(
    holds: Holds,
    rateLimit: ResolvedRateLimit | undefined,
    onRoom: () => void,
  ) {
    this.#holds = holds;
    this.#rate = new RateLimiter(rateLimit, onRoom);
  }

  get rate(): RateLimiter {
    return this.#rate;
  }

  get size(): number {
    return this.#queue.size;
  }

  /** How many of those that wait may leave now. */
  get sendable(): number {
    const size = Math.min(this.#queue.size, this.#holds.room);
    if (size === 0 || !this.#rate.limited) return size;
    const { room } = this.#rate;
    if (room <= 0) this.#rate.wait();
    return Math.min(size, Math.max(0, room));
  }

  sizeOf(lane: Lane): number {
    return this.#queue.sizeOf(lane);
  }

  /** How many bytes wait in a lane, streams not counted. */
  bytesOf(lane: Lane): number {
    return this.#bytes[lane];
  }

  /** How long the oldest message of a lane has waited, in milliseconds. */
  oldestMs(lane: Lane): number {
    const oldest = this.#queue.oldest(lane);
    return oldest === undefined ? 0 : performance.now() - oldest.queuedAt;
  }

  /** Takes one in; `first` in its lane when it has been here before. */
  add(parcel: Parcel, where: 'first' | 'last'): void {
    if (where === 'first') this.#queue.unshift(parcel);
    else this.#queue.push(parcel);
    this.#bytes[parcel.lane] += parcel.bytes;
  }

  /** What {@link Backlog.take} would give. */
  peek(): Parcel | undefined {
    return this.#queue.peek();
  }

  take(): Parcel | undefined {
    const parcel = this.#queue.take();
    if (parcel !== undefined) this.#bytes[parcel.lane] -= parcel.bytes;
    return parcel;
  }

  /** Counts out one that no longer waits. */
  withdraw(parcel: Parcel): void {
    this.#queue.withdraw(parcel);
    this.#bytes[parcel.lane] -= parcel.bytes;
  }

  /** Ends all that waits in a lane. */
  fail(lane: Lane, error: MailError): void {
    for (const parcel of this.#queue.in(lane)) this.#end(parcel, error);
  }

  /** Ends what has been held back for longer than that. */
  expire(maxHoldMs: number): void {
    const { since, account } = this.#holds;
    const overdueSince = performance.now() - maxHoldMs;
    if (since === undefined || since > overdueSince) return;
    const error = heldTooLong(maxHoldMs, account.fault);
    for (const lane of LANES) {
      for (const parcel of this.#queue.in(lane)) {
        // In no order: what is tried again comes first and is younger.
        if (parcel.queuedAt <= overdueSince) this.#end(parcel, error);
      }
    }
  }

  #end(parcel: Parcel, error: MailError): void {
    parcel.settle({ kind: 'not-sent', error });
    this.withdraw(parcel);
  }
}
