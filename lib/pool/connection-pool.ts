import type { MailError } from '../errors/mail-error.js';
import type { Telling } from '../events/telling.js';
import { KeySource } from '../options/key-source.js';
import type {
  ResolvedOptions,
  ResolvedRateLimit,
} from '../options/resolved-options.js';
import { LatestOffer } from '../smtp/latest-offer.js';
import {
  PipeliningPolicy,
  type PipeliningMode,
} from '../smtp/pipelining-policy.js';
import { SharedLookup } from '../smtp/shared-lookup.js';
import { TlsSettings } from '../smtp/tls-settings.js';
import type { Body } from '../smtp/transaction.js';
import type { AccountFault, AccountJudge } from './account-fault.js';
import type { Step } from './account-hold.js';
import { Backlog } from './backlog.js';
import type { ConnectionCounts } from './connection-counts.js';
import type { ConnectionUse } from './connection-use.js';
import { tellPipelining } from './connection-news.js';
import { Dispatcher } from './dispatcher.js';
import { tellAccountPaused, tellAccountResumed } from './hold-news.js';
import { POOL_CLOSED, WITHDRAWN } from './endings.js';
import { Holds } from './holds.js';
import type { Job } from './job.js';
import { KeyNews } from './key-news.js';
import type { Lane } from './lane.js';
import { Parcel } from './parcel.js';
import type { PoolUsage } from './pool-usage.js';
import { accountPaused, noConnection } from './unavailable.js';
import { usesOf } from './uses-of.js';

/** Waiting messages, the connections they go out on, and the order between them. */
export class ConnectionPool {
  readonly #policy: PipeliningPolicy;
  readonly #offer: LatestOffer;
  readonly #keys: KeySource;
  readonly #judge: AccountJudge;
  readonly #holds: Holds;
  readonly #backlog: Backlog;
  readonly #dispatcher: Dispatcher;

  /** `judge` tells faults of the account from those of connections. */
  constructor(
    options: ResolvedOptions,
    telling: Telling,
    judge: AccountJudge = () => undefined,
  ) {
    const { relay, timeouts, pool, queue, rateLimit, retry } = options;
    const place = `${relay.host}:${relay.port}`;
    this.#policy = PipeliningPolicy.of(
      place,
      pool.pipelining,
      (text, change) => {
        telling.log.info(`${text} (${relay.host})`);
        tellPipelining(telling, change);
      },
    );
    this.#judge = judge;
    const keys = new KeySource(
      relay.apiKey,
      timeouts.connectMs,
      new KeyNews(telling),
    );
    this.#keys = keys;
    this.#holds = this.#makeHolds(telling, retry.maxHoldMs);
    this.#backlog = new Backlog(this.#holds, rateLimit, this.#progress);
    const tls = new TlsSettings(relay);
    const lookup = new SharedLookup();
    const policy = this.#policy;
    // No connection outlives what it was told.
    const offer = new LatestOffer(pool.maxLifetimeMs);
    this.#offer = offer;
    const connection = { relay, timeouts, tls, lookup, policy, offer, keys };
    this.#dispatcher = new Dispatcher(
      { connection, pool, telling, judge },
      queue,
      this.#backlog,
      this.#holds,
    );
    this.#progress();
  }

  get connections(): ConnectionCounts {
    return this.#dispatcher.connections.counts;
  }

  /** What each connection does. */
  uses(): ConnectionUse[] {
    return usesOf(this.#dispatcher.connections.all);
  }

  get pipelining(): PipeliningMode {
    return this.#policy.mode;
  }

  get groupedAuth(): boolean {
    return this.#policy.permits('auth') === 'yes';
  }

  /** Names the key in use; `undefined` while a function was never asked. */
  get keyFingerprint(): string | undefined {
    return this.#keys.fingerprint;
  }

  /** Whether SendGrid lets the account send. */
  get account(): 'ok' | 'paused' | 'refused' {
    if (this.#dispatcher.connections.keyRefusal !== undefined) return 'refused';
    return this.#holds.account.fault === undefined ? 'ok' : 'paused';
  }

  /** Why mail of the account is held, if so and no probe of it may leave now. */
  get accountFault(): MailError | undefined {
    return this.#dispatcher.accountFault;
  }

  /** Why somebody has paused sending, if somebody has. */
  get pauseReason(): string | undefined {
    return this.#holds.reason;
  }

  /** For how long no connection could be had, while that is so. */
  get outageMs(): number | undefined {
    const { outage } = this.#dispatcher.connections;
    return outage && performance.now() - outage.since;
  }

  /** For how long sending was paused, all in all, in milliseconds. */
  get heldMs(): number {
    return this.#holds.totalMs;
  }

  /** How many messages wait in a lane. */
  waiting(lane: Lane): number {
    return this.#backlog.sizeOf(lane);
  }

  /** How many bytes these have. */
  bytes(lane: Lane): number {
    return this.#backlog.bytesOf(lane);
  }

  /** How long the oldest message of a lane has waited, in milliseconds. */
  oldestMs(lane: Lane): number {
    return this.#backlog.oldestMs(lane);
  }

  /** Why a message of this lane would fail at once, if it would. */
  blocked(lane: Lane): MailError | undefined {
    return this.#dispatcher.blocked(lane);
  }

  /** Why the relay cannot take a body at all, by what it said last. */
  unfit(body: Body): MailError | undefined {
    return this.#offer.unfit(body);
  }

  /**
   * Takes a job in; it gets its verdict unless it is abandoned before. One
   * that has been here comes `first`, being older than those that wait.
   */
  submit(job: Job, where: 'first' | 'last' = 'last'): Parcel {
    const parcel = new Parcel(job, this.#dispatcher, this.#backlog.rate);
    this.#backlog.add(parcel, where);
    this.#progress();
    return parcel;
  }

  /** Takes a parcel back; `unknown` when its last dot is out. */
  abandon(parcel: Parcel): 'not-sent' | 'unknown' {
    const waited = parcel.waiting;
    const result = parcel.abandon();
    if (!waited) return result;
    this.#backlog.withdraw(parcel);
    this.#progress();
    return result;
  }

  /** Lets nothing leave until {@link ConnectionPool.resume}. */
  pause(reason: string): void {
    this.#holds.pause(reason);
    this.#progress();
  }

  resume(): void {
    this.#holds.resume();
    this.#progress();
  }

  /** Sets another rate limit, or none. */
  setRateLimit(limit: ResolvedRateLimit | undefined): void {
    this.#backlog.rate.set(limit);
    this.#progress();
  }

  /**
   * Lets it hold no more connections than that, nor than `maxConnections`.
   * Those beyond take nothing more and end once what they carry has.
   */
  limitConnections(max: number): void {
    this.#dispatcher.connections.limit(max);
    this.#progress();
  }

  /**
   * Drops every connection at once: of what they carry, that whose last dot is
   * out gets the verdict `unknown`, and the rest waits again.
   */
  dropConnections(): void {
    this.#dispatcher.connections.destroy(WITHDRAWN);
  }

  /** What it makes use of at present. */
  get usage(): PoolUsage {
    const connections = this.connections.open;
    return { connections, messages: this.#backlog.rate.used };
  }

  /** A message that was begun at `startedAt` has found the account at fault, at `step`. */
  pauseAccount(fault: AccountFault, startedAt: number, step: Step): void {
    this.#dispatcher.pauseAccount(fault, startedAt, step);
  }

  /** The relay has answered a message, begun at `startedAt`, for its own sake. */
  accountPassed(startedAt: number, step: Step): void {
    this.#holds.account.passed(startedAt, step);
  }

  /**
   * Whether the relay answers on an idle connection; `undefined` without one.
   */
  async noop(): Promise<boolean | undefined> {
    const connection = this.#dispatcher.connections.takeIdle();
    return connection && new Promise((answered) => connection.noop(answered));
  }

  async verify(): Promise<MailError | undefined> {
    const error = await this.#dispatcher.connections.verify();
    const fault = error && this.#judge(error);
    if (fault?.kind === 'paused') return accountPaused(fault);
    return error && noConnection(error);
  }

  /**
   * Says QUIT on every connection and drops, after `graceMs`, those that are
   * not gone by then.
   */
  async close(graceMs: number): Promise<void> {
    this.#dispatcher.stop();
    const { connections } = this.#dispatcher;
    const timer = setTimeout(() => connections.destroy(POOL_CLOSED), graceMs);
    await connections.close();
    clearTimeout(timer);
  }

  readonly #progress = (): void => this.#dispatcher.progress();

  #makeHolds(telling: Telling, maxHoldMs: number): Holds {
    return new Holds({
      paused: (fault, probeInMs) => {
        const key = this.#keys.fingerprint;
        tellAccountPaused(telling, fault, key, probeInMs);
      },
      resumed: (pausedMs) => {
        tellAccountResumed(telling, pausedMs);
        this.#progress();
      },
      probeDue: this.#progress,
      holding: () => this.#backlog.expire(maxHoldMs),
    });
  }
}
