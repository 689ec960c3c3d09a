import type { MailError } from '../errors/mail-error.js';
import { KeySource } from '../options/key-source.js';
import type { Log } from '../options/log.js';
import type {
  ResolvedOptions,
  ResolvedQueueOptions,
} from '../options/resolved-options.js';
import { fitsGroup } from '../smtp/envelope-phase.js';
import {
  PipeliningPolicy,
  type PipeliningMode,
} from '../smtp/pipelining-policy.js';
import { SharedLookup } from '../smtp/shared-lookup.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';
import { TlsSettings } from '../smtp/tls-settings.js';
import type { TransactionOutcome } from '../smtp/transaction.js';
import { ConnectionSet } from './connection-set.js';
import type { ConnectionUser } from './connection-user.js';
import { DispatchQueue } from './dispatch-queue.js';
import type { Job } from './job.js';
import { KeyLog } from './key-log.js';
import type { Lane } from './lane.js';
import { Parcel } from './parcel.js';
import { RateLimiter } from './rate-limiter.js';
import { keepsFailing, noConnection, streamSpent } from './unavailable.js';

/** How many connections may be lost under one message before it is given up. */
const MAX_LOSSES = 10;

/** An urgent message does not wait behind a body larger than this, in bytes. */
const LARGE_BODY = 262_144;

/** Waiting messages, the connections they go out on, and the order between them. */
export class ConnectionPool implements ConnectionUser {
  readonly #queue = new DispatchQueue<Parcel>();
  readonly #limits: ResolvedQueueOptions;
  readonly #connections: ConnectionSet;
  readonly #policy: PipeliningPolicy;
  readonly #keys: KeySource;
  readonly #rate: RateLimiter | undefined;
  #failFastTimer: NodeJS.Timeout | undefined;

  constructor(options: ResolvedOptions, log: Log) {
    const { relay, timeouts, pool, rateLimit } = options;
    this.#limits = options.queue;
    this.#rate = rateLimit && new RateLimiter(rateLimit, () => this.progress());
    const place = `${relay.host}:${relay.port}`;
    this.#policy = PipeliningPolicy.of(place, pool.pipelining, (what) =>
      log.info(`${what} (${relay.host})`),
    );
    const tls = new TlsSettings(relay);
    const lookup = new SharedLookup();
    const policy = this.#policy;
    const { connectMs } = timeouts;
    const keys = new KeySource(relay.apiKey, connectMs, new KeyLog(log));
    this.#keys = keys;
    const connection = { relay, timeouts, tls, lookup, policy, keys };
    this.#connections = new ConnectionSet({ connection, pool, log }, this);
    this.progress();
  }

  get connections(): ConnectionSet['counts'] {
    return this.#connections.counts;
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

  get keyRefused(): boolean {
    return this.#connections.keyRefused;
  }

  /** How many messages wait in a lane. */
  waiting(lane: Lane): number {
    return this.#queue.sizeOf(lane);
  }

  /** How long the oldest message of a lane has waited, in milliseconds. */
  oldestMs(lane: Lane): number {
    const oldest = this.#queue.oldest(lane);
    return oldest === undefined ? 0 : performance.now() - oldest.queuedAt;
  }

  /** Why a message of this lane would fail at once, if it would. */
  blocked(lane: Lane): MailError | undefined {
    const { outage } = this.#connections;
    if (outage === undefined || lane === 'bulk') return undefined;
    const failsNow = outage.error.credentialsRefused;
    const shutMs = performance.now() - outage.since;
    return failsNow || shutMs >= this.#limits.failFastAfterMs
      ? noConnection(outage.error)
      : undefined;
  }

  /** Takes a job in; it gets its verdict unless it is abandoned before. */
  submit(job: Job): Parcel {
    const parcel = new Parcel(job, this.#takeBack, this.#rate);
    this.#queue.push(parcel);
    this.progress();
    return parcel;
  }

  /** Takes a parcel back; `unknown` when its last dot is out. */
  abandon(parcel: Parcel): 'not-sent' | 'unknown' {
    const waited = parcel.waiting;
    const result = parcel.abandon();
    if (!waited) return result;
    this.#queue.withdraw(parcel);
    this.progress();
    return result;
  }

  async verify(): Promise<MailError | undefined> {
    const error = await this.#connections.verify();
    return error && noConnection(error);
  }

  /**
   * Says QUIT on every connection and drops, after `graceMs`, those that are
   * not gone by then.
   */
  async close(graceMs: number): Promise<void> {
    clearTimeout(this.#failFastTimer);
    this.#rate?.rest();
    const timer = setTimeout(() => this.#connections.destroy(), graceMs);
    await this.#connections.close();
    clearTimeout(timer);
  }

  /** The one place that moves messages on after anything has changed. */
  progress(): void {
    for (let next = this.#nextIdle(); next; next = this.#nextIdle()) {
      const parcel = this.#takeFor(next);
      if (parcel === undefined) {
        this.#connections.giveBack(next);
        break;
      }
      this.#connections.use(next, parcel, 'begin');
    }
    this.#connections.ramp(this.#sendable());
    clearTimeout(this.#failFastTimer);
    if (this.#queue.size === 0) return this.#rate?.rest();
    for (let next = this.#connections.rideable(); next;) {
      if (!this.#rideOn(next)) break;
      next = this.#connections.rideable();
    }
    this.#failBlocked();
  }

  greeted(connection: SmtpConnection): void {
    const allowed = this.#sendable() > 0;
    const parcel = allowed ? this.#takeFor(connection) : undefined;
    if (parcel !== undefined) {
      this.#connections.use(connection, parcel, 'begin');
    }
  }

  tail(connection: SmtpConnection): void {
    while (connection.rideable && this.#rideOn(connection));
    if (this.#queue.size > 0) this.#connections.ramp(this.#sendable());
  }

  #nextIdle(): SmtpConnection | undefined {
    return this.#sendable() > 0 ? this.#connections.takeIdle() : undefined;
  }

  /** How many of those that wait may leave now. */
  #sendable(): number {
    const { size } = this.#queue;
    if (size === 0 || this.#rate === undefined) return size;
    const { room } = this.#rate;
    if (room <= 0) this.#rate.wait();
    return Math.min(size, Math.max(0, room));
  }

  #rideOn(connection: SmtpConnection): boolean {
    const head = this.#sendable() > 0 ? this.#queue.peek() : undefined;
    if (head === undefined || !mayRide(head, connection)) return false;
    const error = connection.unfit(head);
    this.#queue.take();
    if (error === undefined) this.#connections.use(connection, head, 'ride');
    else head.settle({ kind: 'not-sent', error });
    return true;
  }

  /** The next parcel that this connection's relay can take at all. */
  #takeFor(connection: SmtpConnection): Parcel | undefined {
    for (;;) {
      const parcel = this.#queue.take();
      const error = parcel && connection.unfit(parcel);
      if (error === undefined) return parcel;
      parcel?.settle({ kind: 'not-sent', error });
    }
  }

  readonly #takeBack = (
    parcel: Parcel,
    outcome: Extract<TransactionOutcome, { kind: 'unsent' }>,
  ): void => {
    const { body } = parcel;
    const spent =
      outcome.bodyOpened && body.kind === 'stream' && !body.reusable;
    // What a failing relay loses is not counted against the message.
    if (!this.#connections.troubled) parcel.losses += 1;
    if (spent) {
      parcel.settle({ kind: 'not-sent', error: streamSpent(outcome.fault) });
    } else if (parcel.losses >= MAX_LOSSES) {
      parcel.settle({ kind: 'not-sent', error: keepsFailing(outcome.fault) });
    } else this.#queue.unshift(parcel);
  };

  /** Fails what must not wait for a relay that cannot be reached. */
  #failBlocked(): void {
    const { outage } = this.#connections;
    if (outage === undefined) return;
    const error = this.blocked('normal');
    if (error !== undefined) {
      this.#failLane('urgent', error);
      this.#failLane('normal', error);
      this.#connections.ramp(this.#sendable());
      return;
    }
    const shutMs = performance.now() - outage.since;
    const left = this.#limits.failFastAfterMs - shutMs;
    this.#failFastTimer = setTimeout(() => this.progress(), left + 1);
  }

  #failLane(lane: Lane, error: MailError): void {
    for (const parcel of this.#queue.in(lane)) {
      parcel.settle({ kind: 'not-sent', error });
      this.#queue.withdraw(parcel);
    }
  }
}

function mayRide(parcel: Parcel, connection: SmtpConnection): boolean {
  if (!fitsGroup(parcel.envelope.to.length)) return false;
  return parcel.lane !== 'urgent' || connection.bodyBytes <= LARGE_BODY;
}
