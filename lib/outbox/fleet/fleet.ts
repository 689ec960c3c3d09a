import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../options/log.js';
import {
  limitFleet,
  ordered,
  pauseFleet,
  resumeFleet,
  type FleetOrder,
} from './fleet-control.js';
import { FleetLease } from './fleet-lease.js';
import type { FleetLimits } from './fleet-limits.js';
import { newRecord, readRecord, writeRecord } from './fleet-record.js';
import { statusOf, type FleetStatus } from './fleet-status.js';
import type { FleetStore } from './fleet-store.js';
import type { ShareHolder } from './share-holder.js';
import { within } from './within.js';

/** How often a lease is renewed in its time. */
const BEATS = 15;

/** By how much sooner while shares are on their way from one to another. */
const HASTE = 4;

/** What a {@link Fleet} works with. */
export interface FleetSettings {
  readonly store: FleetStore;
  readonly holder: ShareHolder;
  readonly limits: FleetLimits;

  /** How long a worker that is gone keeps its share, in milliseconds. */
  readonly leaseMs: number;
  readonly log: Log;
}

/**
 * This process as one of a fleet whose workers share connections and a rate.
 * Each holds a lease on a part, which it renews and adapts to what it can use
 * fifteen times in its length; what all have never exceeds the limits.
 *
 * Two cases are beyond what leases can promise: a process that is stopped
 * for longer than its lease and then goes on holds its sockets meanwhile, and
 * so does every process when the store forgets what it has confirmed.
 */
export class Fleet {
  readonly #settings: FleetSettings;
  readonly #limits: FleetLimits;
  readonly #lease: FleetLease;
  readonly #beatMs: number;
  /** What the store held when it last said so. */
  #known: string | undefined;
  #beat = Promise.resolve();
  #nextBeat: NodeJS.Timeout | undefined;
  #nextCheck: NodeJS.Timeout | undefined;
  #beatAt = -Infinity;
  #state: 'new' | 'running' | 'stopped' = 'new';
  #troubled = false;
  #hurries = false;

  constructor(settings: FleetSettings) {
    const { limits, leaseMs, holder } = settings;
    const { maxConnections, rateLimit } = limits;
    this.#settings = settings;
    // In one order, since they are compared as texts.
    this.#limits = { maxConnections, ...(rateLimit && { rateLimit }) };
    this.#beatMs = leaseMs / BEATS;
    this.#lease = new FleetLease({
      id: randomUUID(),
      limits: this.#limits,
      leaseMs,
      holder,
      now: () => performance.now(),
    });
  }

  /**
   * Joins; resolves once it has, or could not at the first attempt: it goes on
   * trying then. The holder has no share before.
   */
  async start(): Promise<void> {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    await this.#renew();
  }

  /**
   * Leaves, for good: to be called once nothing is to be sent any more. What
   * is open after `graceMs` is dropped. Never rejects; without the store the
   * share returns to the others when the lease ends.
   */
  async stop(graceMs: number): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'stopped';
    clearTimeout(this.#nextBeat);
    await this.#beat;
    this.#lease.leave();
    await this.#leave(performance.now() + graceMs);
    clearTimeout(this.#nextBeat);
    clearTimeout(this.#nextCheck);
  }

  /** More could be used than before: asks for it soon. */
  nudge(): void {
    if (this.#state !== 'running' || this.#hurries) return;
    this.#hurries = true;
    const since = performance.now() - this.#beatAt;
    this.#beatIn(Math.max(0, this.#beatMs / HASTE - since));
  }

  /**
   * Has every worker pause, those too that come later, until
   * {@link Fleet.resume}. Each follows when it renews its lease next; one that
   * cannot has stopped by the end of it.
   *
   * @throws what the store says
   */
  pause(reason: string): Promise<void> {
    return this.#order(pauseFleet(reason));
  }

  /**
   * Lets every worker go on.
   *
   * @throws what the store says
   */
  resume(): Promise<void> {
    return this.#order(resumeFleet());
  }

  /**
   * Sets another rate for the whole fleet, or none. It holds until it is set
   * again, or a worker starts that is configured with other limits than those
   * before it.
   *
   * @throws what the store says
   */
  setRateLimit(rateLimit: FleetLimits['rateLimit']): Promise<void> {
    return this.#order(limitFleet(rateLimit));
  }

  /**
   * The fleet as the store knows it.
   *
   * @throws what the store says
   */
  async status(): Promise<FleetStatus> {
    // What changes nothing is answered with what there is.
    const text = await this.#change((found) => found);
    return statusOf(readRecord(text));
  }

  async #order(order: FleetOrder): Promise<void> {
    await this.#change((found) =>
      writeRecord(ordered(readRecord(found), order)),
    );
    if (this.#state === 'running') await this.#renew();
  }

  /** Has the store hold what `change` makes of what it holds. */
  async #change(
    change: (found: string) => string,
    found = this.#known,
  ): Promise<string> {
    const after = change(found ?? writeRecord(newRecord(this.#limits)));
    const answer = await this.#swap(found, after);
    // Somebody else was faster.
    return answer === after ? after : this.#change(change, answer);
  }

  async #swap(
    before: string | undefined,
    after: string,
  ): Promise<string | undefined> {
    const { store, leaseMs } = this.#settings;
    return within(leaseMs / 5, store.swap(before, after));
  }

  /** Renews the lease now, or after the renewal under way. */
  #renew(): Promise<void> {
    clearTimeout(this.#nextBeat);
    this.#hurries = false;
    this.#beat = this.#beat.then(() => this.#renewOnce());
    return this.#beat;
  }

  async #renewOnce(): Promise<void> {
    try {
      await this.#attempt();
      this.#tellWell();
    } catch (error) {
      this.#tellTrouble(error);
    }
    this.#watch();
    this.#beatAt = performance.now();
    if (this.#state !== 'running') return;
    const ms = this.#lease.settled ? this.#beatMs : this.#beatMs / HASTE;
    // Workers that were started together spread.
    this.#beatIn(ms * (0.8 + 0.2 * Math.random()));
  }

  async #attempt(): Promise<void> {
    const before = this.#known;
    const after = this.#lease.propose(before);
    const askedAt = performance.now();
    this.#known = await this.#swap(before, after);
    if (this.#known !== after) return this.#attempt();
    this.#lease.confirmed(askedAt);
  }

  async #leave(deadline: number): Promise<void> {
    const { holder } = this.#settings;
    await this.#renew();
    // With nothing open it has said that it has left.
    if (this.#troubled || this.#lease.left) return holder.drop();
    if (performance.now() > deadline) holder.drop();
    await sleep(this.#beatMs / HASTE);
    return this.#leave(deadline);
  }

  #beatIn(ms: number): void {
    clearTimeout(this.#nextBeat);
    this.#nextBeat = setTimeout(() => void this.#renew(), ms);
    this.#nextBeat.unref();
  }

  #watch(): void {
    clearTimeout(this.#nextCheck);
    const { dueInMs } = this.#lease;
    if (dueInMs === Infinity) return;
    this.#nextCheck = setTimeout(() => {
      this.#lease.check();
      this.#watch();
    }, dueInMs + 1);
    this.#nextCheck.unref();
  }

  #tellTrouble(error: unknown): void {
    if (this.#troubled) return;
    this.#troubled = true;
    const { log, leaseMs } = this.#settings;
    const reason = error instanceof Error ? error.message : String(error);
    log.warn(
      `The lease on this worker's share of the fleet could not be renewed: ${reason}. It sends nothing more from ${Math.round(leaseMs / 3)} ms after the last renewal on, until the store answers.`,
    );
  }

  #tellWell(): void {
    if (!this.#troubled) return;
    this.#troubled = false;
    this.#settings.log.info('The lease of this worker is renewed again.');
  }
}
