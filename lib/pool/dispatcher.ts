import type { MailError } from '../errors/mail-error.js';
import type { ResolvedQueueOptions } from '../options/resolved-options.js';
import type { Telling } from '../events/telling.js';
import { fitsGroup } from '../smtp/envelope-phase.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';
import type { TransactionOutcome } from '../smtp/transaction.js';
import type { AccountFault } from './account-fault.js';
import type { Step } from './account-hold.js';
import type { Backlog } from './backlog.js';
import { ConnectionSet } from './connection-set.js';
import type { ConnectionSetSettings } from './connection-set-settings.js';
import type { ConnectionUser } from './connection-user.js';
import type { Holds } from './holds.js';
import type { Lane } from './lane.js';
import type { Parcel } from './parcel.js';
import {
  accountPaused,
  keepsFailing,
  noConnection,
  streamSpent,
} from './unavailable.js';

/** How many connections may be lost under one message before it is given up. */
const MAX_LOSSES = 10;

/** An urgent message does not wait behind a body larger than this, in bytes. */
const LARGE_BODY = 262_144;

/** Brings together what waits and the connections it may leave on. */
export class Dispatcher implements ConnectionUser {
  readonly #limits: ResolvedQueueOptions;
  readonly #telling: Telling;
  readonly #backlog: Backlog;
  readonly #holds: Holds;
  readonly #connections: ConnectionSet;
  #failFastTimer: NodeJS.Timeout | undefined;

  constructor(
    settings: ConnectionSetSettings,
    limits: ResolvedQueueOptions,
    backlog: Backlog,
    holds: Holds,
  ) {
    this.#limits = limits;
    this.#telling = settings.telling;
    this.#backlog = backlog;
    this.#holds = holds;
    this.#connections = new ConnectionSet(settings, this);
  }

  get connections(): ConnectionSet {
    return this.#connections;
  }

  /** Why a message of this lane would fail at once, if it would. */
  blocked(lane: Lane): MailError | undefined {
    if (lane === 'bulk') return undefined;
    const { failFastAfterMs } = this.#limits;
    const { fault, heldMs } = this.#holds.account;
    if (fault !== undefined) {
      const probes = this.#holds.room > 0 && this.#backlog.size === 0;
      // Where nothing waits that could find recovery, this one does.
      if (probes || heldMs < failFastAfterMs) return undefined;
      return accountPaused(fault);
    }
    const { outage } = this.#connections;
    if (outage === undefined) return undefined;
    const failsNow = outage.error.credentialsRefused;
    const shutMs = performance.now() - outage.since;
    return failsNow || shutMs >= failFastAfterMs
      ? noConnection(outage.error)
      : undefined;
  }

  /** Why mail of the account is held, if so and no probe of it may leave now. */
  get accountFault(): MailError | undefined {
    const { fault, room } = this.#holds.account;
    if (fault !== undefined) return room > 0 ? undefined : accountPaused(fault);
    const { keyRefusal } = this.#connections;
    return keyRefusal && noConnection(keyRefusal);
  }

  /** The one place that moves messages on after anything has changed. */
  progress(): void {
    for (let next = this.#nextIdle(); next; next = this.#nextIdle()) {
      const parcel = this.#takeFor(next);
      if (parcel === undefined) {
        this.#connections.giveBack(next);
        break;
      }
      this.#hand(next, parcel, 'begin');
    }
    this.#ramp();
    clearTimeout(this.#failFastTimer);
    if (this.#backlog.size === 0) return this.#backlog.rate.rest();
    for (let next = this.#connections.rideable(); next;) {
      if (!this.#rideOn(next)) break;
      next = this.#connections.rideable();
    }
    this.#failBlocked();
  }

  greeted(connection: SmtpConnection): void {
    const allowed = this.#backlog.sendable > 0;
    const parcel = allowed ? this.#takeFor(connection) : undefined;
    if (parcel !== undefined) this.#hand(connection, parcel, 'begin');
  }

  tail(connection: SmtpConnection): void {
    while (connection.rideable && this.#rideOn(connection));
    if (this.#backlog.size > 0) this.#ramp();
  }

  loggedIn(startedAt: number): void {
    this.#holds.account.passed(startedAt, 'auth');
  }

  pauseAccount(fault: AccountFault, startedAt: number, step: Step): void {
    this.#holds.pauseAccount(fault, startedAt, step);
    // A probe logs in anew, in case that is what is wrong.
    this.#connections.retireAll('account');
    this.#telling.accountFault?.();
  }

  /** Puts back what left a connection before its dot did. */
  takeBack(
    parcel: Parcel,
    outcome: Extract<TransactionOutcome, { kind: 'unsent' }>,
  ): void {
    const { body, recalled } = parcel;
    const spent =
      outcome.bodyOpened && body.kind === 'stream' && !body.reusable;
    // What a failing relay loses is not counted against the message.
    if (!this.#connections.troubled) parcel.losses += 1;
    if (spent) {
      parcel.settle({ kind: 'not-sent', error: streamSpent(outcome.fault) });
    } else if (recalled !== undefined) {
      parcel.settle({ kind: 'not-sent', error: recalled });
    } else if (parcel.losses >= MAX_LOSSES) {
      parcel.settle({ kind: 'not-sent', error: keepsFailing(outcome.fault) });
    } else this.#backlog.add(parcel, 'first');
  }

  /** Has nobody fail any more. */
  stop(): void {
    clearTimeout(this.#failFastTimer);
    this.#backlog.rate.rest();
    this.#holds.stop();
  }

  #nextIdle(): SmtpConnection | undefined {
    return this.#backlog.sendable > 0
      ? this.#connections.takeIdle()
      : undefined;
  }

  #hand(
    connection: SmtpConnection,
    parcel: Parcel,
    how: 'begin' | 'ride',
  ): void {
    this.#holds.account.probes();
    this.#connections.use(connection, parcel, how);
  }

  #rideOn(connection: SmtpConnection): boolean {
    const head = this.#backlog.sendable > 0 ? this.#backlog.peek() : undefined;
    if (head === undefined || !mayRide(head, connection)) return false;
    const error = connection.unfit(head);
    this.#backlog.take();
    if (error === undefined) this.#hand(connection, head, 'ride');
    else head.settle({ kind: 'not-sent', error });
    return true;
  }

  /** The next parcel that this connection's relay can take at all. */
  #takeFor(connection: SmtpConnection): Parcel | undefined {
    for (;;) {
      const parcel = this.#backlog.take();
      const error = parcel && connection.unfit(parcel);
      if (error === undefined) return parcel;
      parcel?.settle({ kind: 'not-sent', error });
    }
  }

  /** Opens what the backlog asks for; while the account is at fault, one probe. */
  #ramp(): void {
    const { account, since } = this.#holds;
    this.#holds.keepAlive(this.#backlog.size > 0);
    if (account.fault === undefined) {
      const wanted = since === undefined ? this.#backlog.sendable : 0;
      return this.#connections.ramp(wanted);
    }
    if (account.room === 0) return;
    const useful = account.atLogIn || this.#backlog.sendable > 0;
    if (!useful || !this.#connections.probe()) return;
    if (account.atLogIn) account.probes();
  }

  /** Fails what must not wait for a relay that cannot be reached. */
  #failBlocked(): void {
    const { outage } = this.#connections;
    // While sending is paused it is held instead.
    if (outage === undefined || this.#holds.since !== undefined) return;
    const error = this.blocked('normal');
    if (error !== undefined) {
      this.#backlog.fail('urgent', error);
      this.#backlog.fail('normal', error);
      this.#ramp();
      return;
    }
    const shutMs = performance.now() - outage.since;
    const left = this.#limits.failFastAfterMs - shutMs;
    this.#failFastTimer = setTimeout(() => this.progress(), left + 1);
  }
}

function mayRide(parcel: Parcel, connection: SmtpConnection): boolean {
  if (!fitsGroup(parcel.envelope.to.length)) return false;
  return parcel.lane !== 'urgent' || connection.bodyBytes <= LARGE_BODY;
}
