import type { Telling } from '../events/telling.js';
import type { KeySource } from '../options/key-source.js';
import type { ResolvedPoolOptions } from '../options/resolved-options.js';
import { ConnectionError } from '../smtp/connection-error.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';
import type { AccountFault, AccountJudge } from './account-fault.js';
import { ConnectGate, type Closure } from './connect-gate.js';
import { countBusy } from './connection-counts.js';
import { ConnectionBudget, type BudgetHolder } from './connection-budget.js';
import { ConnectionCeiling } from './connection-ceiling.js';
import { tellAccountPaused, tellAccountResumed } from './hold-news.js';
import { outOfFiles, type OpenFiles } from './open-files.js';
import { RefusedKey } from './refused-key.js';
import { Verifiers } from './verifiers.js';

/** What {@link SetUps} work with. */
export interface SetUpsSettings {
  readonly host: string;
  readonly pool: ResolvedPoolOptions;
  readonly files: OpenFiles;
  readonly keys: KeySource;
  readonly telling: Telling;

  /** Tells a fault of the account from one of the connection. */
  readonly judge: AccountJudge;

  /** What began at `startedAt` has found the account at fault. */
  readonly pauseAccount: (fault: AccountFault, startedAt: number) => void;

  /** Makes a connection, which sets itself up. */
  readonly connect: () => SmtpConnection;

  /** Set-ups may start again. */
  readonly progress: () => void;

  /** A connection is to go, for a pool that has none. */
  readonly giveUpOne: () => void;
}

/** The connections being set up: when one may start, and what follows from a failure. */
export class SetUps {
  readonly #settings: SetUpsSettings;
  readonly #gate = new ConnectGate();
  readonly #budget: ConnectionBudget;
  readonly #holder: BudgetHolder;
  readonly #ceiling: ConnectionCeiling;
  readonly #underWay = new Set<SmtpConnection>();
  readonly #refusedKey: RefusedKey;
  #latestRefusal: Refusal | undefined;
  readonly #verifiers = new Verifiers();
  #probeTimer: NodeJS.Timeout | undefined;
  #explained = false;
  #stopped = false;
  /** Connections whose sockets are not gone. */
  #held = 0;

  constructor(settings: SetUpsSettings) {
    this.#settings = settings;
    this.#budget = ConnectionBudget.of(settings.host);
    const { pool, files, telling, progress, giveUpOne } = settings;
    this.#holder = { roomLeft: progress, giveUpOne };
    this.#ceiling = new ConnectionCeiling(pool.maxConnections);
    this.#refusedKey = new RefusedKey(settings.keys, {
      replaced: () => this.#keyReplaced(),
      stands: () => this.#refusalStands(),
      worthTrying: () => {
        this.#gate.probeNow();
        settings.progress();
      },
    });
    const warning = files.promise(pool.maxConnections);
    if (warning !== undefined) telling.log.warn(warning);
  }

  get size(): number {
    return this.#underWay.size;
  }

  /** How many carry no message along. */
  get free(): number {
    return this.#underWay.size - countBusy(this.#underWay);
  }

  /** Why set-ups are held back, while they are. */
  get closure(): Closure | undefined {
    return this.#gate.closure;
  }

  get keyRefused(): boolean {
    return this.#gate.keyRefused;
  }

  get troubled(): boolean {
    return this.#gate.troubled;
  }

  /** How many connections may be held. */
  get ceiling(): ConnectionCeiling {
    return this.#ceiling;
  }

  has(connection: SmtpConnection): boolean {
    return this.#underWay.has(connection);
  }

  /**
   * Starts as many as are wanted and every bound allows, `held` being open or
   * under way; how many that are.
   */
  start(wanted: number, held: number): number {
    if (this.#refusedKey.asking) return 0;
    const room = Math.min(
      wanted,
      this.#ceiling.value - held,
      this.#settings.pool.maxConnecting - this.#underWay.size,
      this.#gate.allowance(this.#underWay.size),
    );
    let started = 0;
    while (started < room && this.#start()) started += 1;
    return started;
  }

  /** Starts one where none is under way; whether it has. */
  probe(held: number): boolean {
    const started = this.start(1 - this.#underWay.size, held);
    this.keepTrying(true);
    return started > 0;
  }

  /** Arranges for the next probe; only a message keeps the process alive for it. */
  keepTrying(needed: boolean): void {
    const alive = needed || this.#verifiers.any;
    for (const connection of this.#underWay) {
      if (alive) connection.ref();
      else connection.unref();
    }
    clearTimeout(this.#probeTimer);
    const { closure } = this.#gate;
    const coming = this.#underWay.size > 0 || this.#refusedKey.asking;
    if (closure === undefined || coming) return;
    const left = Math.max(0, closure.retryAt - performance.now());
    this.#probeTimer = setTimeout(this.#settings.progress, left + 1);
    if (!needed) this.#probeTimer.unref();
  }

  /** Resolves with the outcome of the set-up under way, or of one more. */
  async verify(held: number): Promise<ConnectionError | undefined> {
    const { maxConnections } = this.#settings.pool;
    const full = held >= Math.min(maxConnections, this.#ceiling.limit);
    const coming = this.#underWay.size > 0 || this.#refusedKey.asking;
    if (!coming && (full || !this.#start())) {
      return held > 0 ? undefined : noneLeft();
    }
    const outcome = this.#verifiers.next();
    this.keepTrying(true);
    return outcome;
  }

  /** A connection is set up. */
  succeeded(connection: SmtpConnection): void {
    this.#underWay.delete(connection);
    const { closure, keyRefused } = this.#gate;
    this.#refusedKey.taken();
    this.#gate.succeeded(connection.createdAt);
    if (closure !== undefined && this.#gate.closure === undefined) {
      this.#tellOpen(closure, keyRefused);
    }
    this.#verifiers.answer(undefined);
  }

  /** A connection has brought a message through. */
  proven(): void {
    this.#gate.proven();
  }

  /** A connection could not be set up, while `open` others were fine. */
  failed(
    connection: SmtpConnection,
    error: ConnectionError,
    open: number,
  ): void {
    this.#underWay.delete(connection);
    if (error.nature === 'deliberate') return this.#verifyAnew(error);
    if (error.credentialsRefused && !this.#refusalCounts(connection, error)) {
      return;
    }
    const { judge, pauseAccount } = this.#settings;
    const fault = judge(error);
    const tooMany = this.#isTooMany(error);
    if (fault?.kind === 'paused') pauseAccount(fault, connection.createdAt);
    else if (tooMany && open > 0) this.#ceiling.lower(open);
    else this.holdBack(connection, error);
    this.#verifiers.answer(error);
  }

  /** Takes a failure of a connection for one of the relay. */
  holdBack(connection: SmtpConnection, error: ConnectionError): void {
    const { closure, keyRefused } = this.#gate;
    this.#gate.failed(error, connection.createdAt);
    if (this.#stopped) return;
    if (this.#gate.keyRefused && !keyRefused) this.#tellRefused(error);
    else if (closure === undefined) {
      const { log, masking } = this.#settings.telling;
      log.warn(`No connection to the relay: ${masking.text(error.message)}`);
    }
  }

  /** The socket of a connection is gone. */
  released(): void {
    this.#held -= 1;
    this.#budget.release(this.#holder);
    this.#settings.files.budget.release(this.#holder);
  }

  /** Starts nothing more. */
  stop(): void {
    const { files, pool } = this.#settings;
    if (!this.#stopped) files.release(pool.maxConnections);
    this.#stopped = true;
    this.#budget.leave(this.#holder);
    files.budget.leave(this.#holder);
    this.#refusedKey.stop();
    clearTimeout(this.#probeTimer);
  }

  #start(): boolean {
    const { files, connect } = this.#settings;
    if (this.#held >= this.#ceiling.limit) return false;
    if (!this.#budget.take(this.#holder)) return false;
    if (!files.budget.take(this.#holder)) {
      this.#budget.release(this.#holder);
      return false;
    }
    this.#held += 1;
    this.#underWay.add(connect());
    return true;
  }

  /** Whether a refused key is to be reported now, there being no better one. */
  #refusalCounts(connection: SmtpConnection, error: ConnectionError): boolean {
    const answer = this.#refusedKey.refused(connection.key);
    if (answer === 'outdated') this.#verifyAnew(error);
    if (answer === 'asking') this.#latestRefusal = { connection, error };
    return answer === 'stands';
  }

  #keyReplaced(): void {
    const refusal = this.#latestRefusal;
    this.#latestRefusal = undefined;
    if (refusal !== undefined) this.#verifyAnew(refusal.error);
    this.#settings.progress();
  }

  #refusalStands(): void {
    const refusal = this.#latestRefusal;
    this.#latestRefusal = undefined;
    if (refusal === undefined) return;
    this.holdBack(refusal.connection, refusal.error);
    this.#verifiers.answer(refusal.error);
    this.#settings.progress();
  }

  /** Whether one connection less would have been fine. */
  #isTooMany({ stage, reply, cause }: ConnectionError): boolean {
    const shortage = outOfFiles(cause);
    if (shortage !== undefined) this.#explain(shortage);
    const turnedAway = stage === 'greeting' && reply !== undefined;
    return turnedAway || shortage !== undefined;
  }

  #tellRefused(error: ConnectionError): void {
    const { telling, keys, judge } = this.#settings;
    const fault = judge(error);
    if (fault === undefined) return;
    const probeInMs = (this.#gate.closure?.retryAt ?? 0) - performance.now();
    tellAccountPaused(telling, fault, keys.fingerprint, probeInMs);
    telling.accountFault?.();
  }

  #tellOpen({ since }: Closure, keyRefused: boolean): void {
    const { telling } = this.#settings;
    if (keyRefused) tellAccountResumed(telling, performance.now() - since);
    else telling.log.info('The relay takes connections again.');
  }

  /** A set-up that this side ended tells nothing: those who wait get another. */
  #verifyAnew(error: ConnectionError): void {
    if (!this.#verifiers.any || this.#underWay.size > 0) return;
    if (this.#stopped || !this.#start()) this.#verifiers.answer(error);
  }

  #explain(shortage: string): void {
    if (this.#explained) return;
    this.#explained = true;
    this.#settings.telling.log.warn(shortage);
  }
}

interface Refusal {
  readonly connection: SmtpConnection;
  readonly error: ConnectionError;
}

function noneLeft(): ConnectionError {
  return new ConnectionError(
    'connect',
    'This process may hold no more connections to it for now',
  );
}
