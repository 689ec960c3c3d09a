import type { Telling } from '../events/telling.js';
import type { ResolvedPoolOptions } from '../options/resolved-options.js';
import type { ConnectionError } from '../smtp/connection-error.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';
import type { TransactionOutcome } from '../smtp/transaction.js';
import { tellLost, type RotatedReason } from './connection-news.js';
import type { LearnedCap } from './learned-cap.js';

/** Share of the cap over which connections of one age spread their end. */
const JITTER = 0.1;

/** Weight of the latest message in the rate. */
const LATEST = 0.25;

/** How soon after its last reply the end of an unused connection has to do with it. */
const MOMENT_MS = 1000;

/** Refusals of MAIL for now, in a row, that speak of the connection and not of a sender. */
const REFUSED_IN_A_ROW = 2;

/** A fresh connection that is refused so would only be replaced by another. */
const FEWEST_THROUGH = 10;

/** What a {@link Rotation} works with. */
export interface RotationSettings {
  readonly pool: ResolvedPoolOptions;
  readonly learned: LearnedCap;
  readonly telling: Telling;
}

/** When one connection is to be replaced: near its message cap, or of old age. */
export class Rotation {
  readonly #settings: RotationSettings;
  /** By how much its cap and its life are shortened. */
  readonly #capShare: number;
  readonly #expiresAt: number;
  readonly #startedAt = performance.now();
  #standbyAsked = false;
  #assignedAt: number | undefined;
  #perMessageMs: number | undefined;
  #answered = 0;
  /** The ordinal number of the last message that the relay accepted. */
  #through = 0;
  #refusedInARow = 0;
  #spent = false;

  constructor(settings: RotationSettings, random = Math.random) {
    const { pool, learned, telling } = settings;
    this.#settings = settings;
    this.#capShare = random() * JITTER;
    const life = pool.maxLifetimeMs * (1 - random() * JITTER);
    this.#expiresAt = performance.now() + life;
    learned.review(telling);
  }

  /** Whether it may be given nothing more. */
  due(connection: SmtpConnection, now = performance.now()): boolean {
    return this.dueTo(connection, now) !== undefined;
  }

  /** Why it may be given nothing more, if so. */
  dueTo(
    connection: SmtpConnection,
    now = performance.now(),
  ): RotatedReason | undefined {
    if (this.#spent || connection.assigned >= this.cap) return 'cap';
    return now >= this.#expiresAt ? 'lifetime' : undefined;
  }

  /**
   * A message was assigned. Whether, for the first time, the end is near
   * enough at the present rate to set up another, which takes `setUpMs`.
   */
  nears(
    connection: SmtpConnection,
    setUpMs: number,
    now = performance.now(),
  ): boolean {
    const enoughMs = 2 * setUpMs;
    this.#measure(now, enoughMs);
    if (this.#standbyAsked) return false;
    const left = this.cap - connection.assigned;
    this.#standbyAsked =
      left <= 1 ||
      left * (this.#perMessageMs ?? Infinity) <= enoughMs ||
      this.#expiresAt - now <= enoughMs;
    return this.#standbyAsked;
  }

  /** A message it was given has ended. */
  ended(outcome: TransactionOutcome): void {
    if (outcome.kind !== 'accepted' && outcome.kind !== 'rejected') return;
    this.#answered += 1;
    if (outcome.kind === 'rejected') return this.#refused(outcome);
    this.#refusedInARow = 0;
    this.#through = this.#answered;
    const { learned } = this.#settings;
    if (this.#through > learned.doubtedAbove) learned.survived(this.#through);
  }

  /** The connection is lost; `leaving` when it had been told to QUIT. */
  lost(
    connection: SmtpConnection,
    error: ConnectionError,
    leaving: boolean,
  ): void {
    const { learned, telling } = this.#settings;
    const unanswered = connection.assigned > this.#answered;
    const news = error.nature !== 'deliberate' && (unanswered || !leaving);
    if (news) tellLost(telling, connection, error, unanswered);
    const idleMs = performance.now() - connection.idleSince;
    const unexpected = unanswered || (!leaving && idleMs < MOMENT_MS);
    if (!unexpected || !isEndByRelay(error)) return;
    learned.ended(this.#through, connection.createdAt, telling);
  }

  /** The connection is over. */
  close(): void {
    this.#settings.learned.carried(this.#through);
  }

  /** Some relays do not end a connection at their cap but refuse every further MAIL. */
  #refused({
    command,
    reply,
  }: Extract<TransactionOutcome, { kind: 'rejected' }>): void {
    const forNow = command === 'MAIL FROM' && reply.code < 500;
    this.#refusedInARow = forNow ? this.#refusedInARow + 1 : 0;
    if (this.#spent || this.#refusedInARow < REFUSED_IN_A_ROW) return;
    if (this.#through < FEWEST_THROUGH) return;
    this.#spent = true;
    const { learned, telling } = this.#settings;
    learned.ended(this.#through, this.#startedAt, telling);
  }

  /** How many messages the connection may be given. */
  get cap(): number {
    const { pool, learned } = this.#settings;
    // A relay may end a connection behind the last message that it takes.
    const safe = learned.value - 1;
    const cap = Math.min(pool.maxMessagesPerConnection, safe);
    return cap - Math.floor(cap * this.#capShare);
  }

  /** The recent rate; a pause, however long, says little about what follows it. */
  #measure(now: number, longestMs: number): void {
    const before = this.#assignedAt;
    this.#assignedAt = now;
    if (before === undefined) return;
    const ms = Math.min(now - before, longestMs);
    const average = this.#perMessageMs ?? ms;
    this.#perMessageMs = average + (ms - average) * LATEST;
  }
}

function isEndByRelay(error: ConnectionError): boolean {
  const { nature, reply } = error;
  if (nature !== 'loss') return false;
  return reply === undefined || reply.code === 421;
}
