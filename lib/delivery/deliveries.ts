import type { MailError } from '../errors/mail-error.js';
import type { Telling } from '../events/telling.js';
import type { DrainReport, UnsentMail } from '../options/drain-report.js';
import type {
  ResolvedOptions,
  ResolvedRateLimit,
} from '../options/resolved-options.js';
import type { Cancellation } from '../pool/cancellation.js';
import { ConnectionPool } from '../pool/connection-pool.js';
import type { ConnectionUse } from '../pool/connection-use.js';
import type { Lane } from '../pool/lane.js';
import type { PoolUsage } from '../pool/pool-usage.js';
import { path } from '../smtp/command.js';
import type { Body } from '../smtp/transaction.js';
import { accountFault } from './account-fault.js';
import { bodyOf, heldBytes } from './body.js';
import type { Carrier, OutgoingMail } from './carrier.js';
import { Delivery } from './delivery.js';
import { DeliveryLine, type Memory } from './delivery-line.js';
import { tellFailed, tellQueued, tellSent } from './message-news.js';
import { Place } from './place.js';
import { Places } from './places.js';
import { purge } from './purge.js';
import type { SendReceipt } from './receipt.js';
import type { Reservation } from './reservation.js';
import { RetryPolicy } from './retry-policy.js';
import { SenderPauses } from './sender-pauses.js';
import { Shutdown } from './shutdown.js';
import type { LaneStats, MailStats } from './stats.js';
import type { Submission } from './submission.js';
import type { NamedMails } from './named-mails.js';
import { UnknownSends } from './unknown-sends.js';
import { noOwnKey, shutDown } from './verdict-errors.js';

/** Brings messages to the relay and each of them to exactly one verdict. */
export class Deliveries implements Carrier {
  readonly #options: ResolvedOptions;
  readonly #telling: Telling;
  readonly #places: Places;
  readonly #pool: ConnectionPool;
  readonly #senders = new SenderPauses();
  readonly #line: DeliveryLine;
  readonly #shutdown: Shutdown;
  readonly #onIdle: () => void;
  #verifying = 0;

  /** `onIdle` is called whenever nothing is under way any more. */
  constructor(
    options: ResolvedOptions,
    telling: Telling,
    onIdle: () => void = () => undefined,
    memory: Memory = { unknowns: new UnknownSends(telling) },
  ) {
    this.#options = options;
    this.#telling = telling;
    this.#onIdle = onIdle;
    this.#pool = new ConnectionPool(options, telling, accountFault);
    this.#places = new Places(options.queue, () => this.#settled());
    this.#line = new DeliveryLine(
      this.#pool,
      new RetryPolicy(options.retry),
      this.#senders,
      this.#places,
      telling,
      memory,
    );
    const pool = this.#pool;
    this.#shutdown = new Shutdown(this.#places, telling.events, {
      isPaused: () => pool.pauseReason !== undefined,
      close: (graceMs) => pool.close(graceMs),
    });
  }

  reserve(submission: Submission): Reservation | Promise<Reservation> {
    const blocked = this.#refusal ?? this.#pool.blocked(submission.lane);
    return this.#places.take(submission, blocked);
  }

  async carry(
    mail: OutgoingMail,
    reservation: Reservation,
    cancellation?: Cancellation,
  ): Promise<SendReceipt> {
    const { events } = this.#telling;
    const place = Place.of(reservation);
    const { lane } = place;
    let delivery: Delivery | undefined;
    try {
      const body = this.#admit(mail, place);
      const held = heldBytes(body, this.#options.queue.maxStreamBytes);
      const waiting = place.addBytes(held, cancellation);
      if (waiting !== undefined) await waiting;
      if (cancellation?.error !== undefined) throw cancellation.error;
      tellQueued(events, mail, lane);
      // By a listener, or while it waited for room.
      if (place.refusal !== undefined) throw place.refusal;
      const receipt = await new Promise<SendReceipt>((resolve, reject) => {
        const settler = { resolve, reject };
        const line = this.#line;
        delivery = new Delivery(mail, body, place, line, settler, cancellation);
        delivery.dispatch();
      });
      tellSent(events, receipt, lane);
      return receipt;
    } catch (error) {
      tellFailed(events, error, lane, mail, delivery?.attempts);
      place.release(error);
      throw error;
    }
  }

  async verify(): Promise<void> {
    this.#verifying += 1;
    try {
      const failure = this.#refusal ?? (await this.#pool.verify());
      if (failure === undefined) return;
      // A shutdown meanwhile is the better reason.
      throw this.#refusal ?? failure;
    } finally {
      this.#verifying -= 1;
      this.#settled();
    }
  }

  get accountFault(): MailError | undefined {
    return this.#pool.accountFault;
  }

  get idle(): boolean {
    return this.#places.ledger.pending === 0 && this.#verifying === 0;
  }

  noop(): Promise<boolean | undefined> {
    return this.#pool.noop();
  }

  stats(): MailStats {
    const { ledger, admission } = this.#places;
    const { pauseReason, keyFingerprint, outageMs } = this.#pool;
    return {
      connections: this.#pool.connections,
      queue: {
        messages: admission.messages,
        bytes: admission.bytes,
        byLane: {
          urgent: this.#lane('urgent'),
          normal: this.#lane('normal'),
          bulk: this.#lane('bulk'),
        },
      },
      totals: ledger.totals,
      account: this.#pool.account,
      ...(outageMs === undefined ? {} : { outageMs }),
      ...(pauseReason === undefined ? {} : { paused: pauseReason }),
      pausedSenders: this.#senders.size,
      pipelining: this.#pool.pipelining,
      groupedAuth: this.#pool.groupedAuth,
      ...(keyFingerprint === undefined ? {} : { keyFingerprint }),
    };
  }

  connections(): readonly ConnectionUse[] {
    return this.#pool.uses();
  }

  pause(reason: string): void {
    this.#pool.pause(reason);
    this.#shutdown.paused();
  }

  resume(): void {
    this.#pool.resume();
  }

  purge(
    lane: Lane | undefined,
    where: (mail: UnsentMail) => boolean,
    reason?: MailError,
  ): UnsentMail[] {
    return purge(this.#places, lane, where, reason);
  }

  confirm(mails: NamedMails): number {
    let settled = 0;
    for (const { holder } of this.#places.held) {
      const events = holder?.mail === undefined ? [] : mails.of(holder.mail);
      if (events.length > 0 && holder?.confirm?.(events)) settled += 1;
    }
    return settled;
  }

  setRateLimit(limit: ResolvedRateLimit | undefined): void {
    this.#pool.setRateLimit(limit);
  }

  limitConnections(max: number): void {
    this.#pool.limitConnections(max);
  }

  dropConnections(): void {
    this.#pool.dropConnections();
  }

  get usage(): PoolUsage {
    return this.#pool.usage;
  }

  beginShutdown(timeoutMs: number): void {
    this.#shutdown.begin(timeoutMs);
  }

  async drain(timeoutMs: number): Promise<DrainReport> {
    return this.#shutdown.drain(timeoutMs);
  }

  /** What everything is refused with, if so. */
  get #refusal(): MailError | undefined {
    const { relay, tenants } = this.#options;
    const keyless = relay.apiKey === undefined && tenants !== undefined;
    return this.#shutdown.refusal ?? (keyless ? noOwnKey() : undefined);
  }

  #settled(): void {
    if (this.#places.ledger.pending === 0) this.#shutdown.settled();
    if (this.idle) this.#onIdle();
  }

  /** Refuses what need not be queued. */
  #admit(mail: OutgoingMail, place: Place): Body {
    if (!place.held) throw place.refusal ?? shutDown();
    for (const address of [mail.envelope.from, ...mail.envelope.to]) {
      path(address);
    }
    const refusal = this.#senders.refusal(mail.sender);
    if (refusal !== undefined) throw refusal;
    const body = bodyOf(mail.content);
    const misfit = this.#pool.unfit(body);
    if (misfit !== undefined) throw misfit;
    return body;
  }

  #lane(lane: Lane): LaneStats {
    return {
      messages: this.#pool.waiting(lane),
      bytes: this.#pool.bytes(lane),
      oldestMs: this.#pool.oldestMs(lane),
    };
  }
}
