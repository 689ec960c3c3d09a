import type { Log } from '../options/log.js';
import type { ResolvedPoolOptions } from '../options/resolved-options.js';
import { ConnectionError } from '../smtp/connection-error.js';
import type { ConnectionOwner } from '../smtp/connection-owner.js';
import {
  SmtpConnection,
  type ConnectionSettings,
} from '../smtp/smtp-connection.js';
import { ConnectGate, type Closure } from './connect-gate.js';
import { ConnectionBudget } from './connection-budget.js';
import { ConnectionCeiling } from './connection-ceiling.js';
import { IdleConnections } from './idle-connections.js';
import type { Parcel } from './parcel.js';
import { Rotation } from './rotation.js';

/** Who gives the connections their work. */
export interface ConnectionUser {
  /** Something has changed: connections may be free, or may be opened. */
  progress(): void;

  /** A parcel may ride on this connection now. */
  tail(connection: SmtpConnection): void;
}

/** What a {@link ConnectionSet} works with. */
export interface ConnectionSetSettings {
  readonly connection: ConnectionSettings;
  readonly pool: ResolvedPoolOptions;
  readonly log: Log;
}

/** The connections of one pool: how many, which are free, when each is replaced. */
export class ConnectionSet implements ConnectionOwner {
  readonly #settings: ConnectionSetSettings;
  readonly #user: ConnectionUser;
  readonly #gate = new ConnectGate();
  readonly #budget: ConnectionBudget;
  readonly #ceiling: ConnectionCeiling;
  readonly #idle: IdleConnections;
  readonly #all = new Map<SmtpConnection, Rotation>();
  readonly #connecting = new Set<SmtpConnection>();
  readonly #rideable = new Set<SmtpConnection>();
  /** Told to QUIT; they hold their places until their sockets are gone. */
  readonly #leaving = new Set<SmtpConnection>();
  #verifiers: ((error: ConnectionError | undefined) => void)[] = [];
  #standbysWanted = 0;
  #setUpMs = 0;
  #probeTimer: NodeJS.Timeout | undefined;
  #closed: (() => void) | undefined;

  constructor(settings: ConnectionSetSettings, user: ConnectionUser) {
    const { relay } = settings.connection;
    this.#settings = settings;
    this.#user = user;
    this.#budget = ConnectionBudget.of(relay.host);
    this.#ceiling = new ConnectionCeiling(settings.pool.maxConnections);
    this.#idle = new IdleConnections(
      settings.pool.idleTimeoutMs,
      () => this.#all.size - this.#leaving.size > settings.pool.minConnections,
      (connection) => this.#retire(connection),
    );
  }

  get counts(): {
    open: number;
    connecting: number;
    busy: number;
    idle: number;
  } {
    let busy = 0;
    for (const connection of this.#all.keys()) if (connection.busy) busy += 1;
    return {
      open: this.#all.size,
      connecting: this.#connecting.size,
      busy,
      idle: this.#idle.size,
    };
  }

  /** Why no connection can be had, while none is open either. */
  get outage(): Closure | undefined {
    return this.#connecting.size === this.#all.size
      ? this.#gate.closure
      : undefined;
  }

  get keyRefused(): boolean {
    return this.#gate.keyRefused;
  }

  takeIdle(): SmtpConnection | undefined {
    return this.#idle.take();
  }

  /** Puts back what {@link takeIdle} gave and nobody used. */
  giveBack(connection: SmtpConnection): void {
    this.#idle.add(connection);
  }

  /** A connection whose body has left and that an envelope may ride on. */
  rideable(): SmtpConnection | undefined {
    for (const connection of this.#rideable) {
      if (connection.rideable) return connection;
      this.#rideable.delete(connection);
    }
    return undefined;
  }

  /** Hands a parcel to a connection and replaces the connection in time. */
  use(connection: SmtpConnection, parcel: Parcel, how: 'begin' | 'ride'): void {
    this.#rideable.delete(connection);
    parcel.boards(connection);
    connection[how](parcel);
    const rotation = this.#all.get(connection);
    if (rotation === undefined) return;
    if (rotation.due(connection)) this.#retire(connection);
    if (rotation.standbyAsked || !rotation.nears(connection, this.#setUpMs)) {
      return;
    }
    rotation.standbyAsked = true;
    this.#standbysWanted += 1;
  }

  /** Opens what `backlog` waiting messages ask for, within every bound. */
  ramp(backlog: number): void {
    const { maxConnecting, minConnections } = this.#settings.pool;
    if (this.#closed !== undefined) return;
    const due = backlog + this.#standbysWanted - this.#connecting.size;
    const probe = this.#gate.closure === undefined ? 0 : 1;
    const wanted = Math.max(
      due,
      minConnections - (this.#all.size - this.#leaving.size),
      probe,
    );
    this.#standbysWanted = 0;
    const room = Math.min(
      wanted,
      this.#ceiling.value - this.#all.size,
      maxConnecting - this.#connecting.size,
      this.#gate.allowance(this.#connecting.size),
    );
    for (let i = 0; i < room; i += 1) if (!this.#open()) break;
    this.#keepAlive(backlog > 0);
    this.#armProbe(backlog > 0);
  }

  /**
   * Sets up a connection to see whether the relay takes one; it is kept for
   * use. At the limit the open ones are proof enough.
   */
  async verify(): Promise<ConnectionError | undefined> {
    const { maxConnections } = this.#settings.pool;
    if (this.#connecting.size === 0) {
      if (this.#all.size >= maxConnections || !this.#open()) return undefined;
    }
    return new Promise((resolve) => this.#verifiers.push(resolve));
  }

  /** Retires every connection; resolves once the last socket is gone. */
  async close(): Promise<void> {
    clearTimeout(this.#probeTimer);
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
    });
    for (const connection of this.#all.keys()) {
      if (this.#connecting.has(connection)) connection.destroy(closedError());
      else connection.retire();
    }
    if (this.#all.size === 0) this.#closed?.();
    await closed;
  }

  /** Drops every connection. */
  destroy(): void {
    for (const connection of this.#all.keys()) {
      connection.destroy(closedError());
    }
  }

  ready(connection: SmtpConnection): void {
    this.#connecting.delete(connection);
    this.#gate.succeeded();
    this.#setUpMs = connection.readyAt - connection.createdAt;
    this.#answerVerifiers(undefined);
    if (this.#closed !== undefined) connection.retire();
    else this.#idle.add(connection);
    this.#user.progress();
  }

  free(connection: SmtpConnection): void {
    this.#rideable.delete(connection);
    if (this.#all.get(connection)?.due(connection)) this.#retire(connection);
    else this.#idle.add(connection);
    this.#user.progress();
  }

  tail(connection: SmtpConnection): void {
    if (connection.rideable) this.#rideable.add(connection);
    this.#user.tail(connection);
  }

  lost(connection: SmtpConnection, error: ConnectionError): void {
    const settingUp = this.#connecting.delete(connection);
    this.#rideable.delete(connection);
    this.#idle.remove(connection);
    if (settingUp) this.#onSetUpFailure(connection, error);
    else if (!connection.proven && connection.assigned > 0) {
      // It never brought a message through: reconnecting at once would spin.
      this.#gate.failed(error, connection.createdAt);
    }
    this.#user.progress();
  }

  closed(connection: SmtpConnection): void {
    this.#connecting.delete(connection);
    this.#idle.remove(connection);
    this.#leaving.delete(connection);
    if (!this.#all.delete(connection)) return;
    this.#budget.release();
    if (this.#all.size === 0) this.#closed?.();
    this.#user.progress();
  }

  #retire(connection: SmtpConnection): void {
    this.#leaving.add(connection);
    connection.retire();
  }

  // One function, so that waiting for room more than once counts as once.
  readonly #onRoom = (): void => this.#user.progress();

  #open(): boolean {
    const { connection: settings, pool } = this.#settings;
    if (!this.#budget.take(this.#onRoom)) return false;
    const connection = new SmtpConnection(settings, this);
    this.#all.set(connection, new Rotation(pool));
    this.#connecting.add(connection);
    return true;
  }

  #onSetUpFailure(connection: SmtpConnection, error: ConnectionError): void {
    const open = this.#all.size - this.#connecting.size - 1;
    if (error.stage === 'greeting' && error.reply !== undefined && open > 0) {
      this.#ceiling.lower(open);
    } else {
      if (this.#gate.closure === undefined) {
        this.#settings.log.warn(`No connection to the relay: ${error.message}`);
      }
      this.#gate.failed(error, connection.createdAt);
    }
    this.#answerVerifiers(error);
  }

  #answerVerifiers(error: ConnectionError | undefined): void {
    const verifiers = this.#verifiers;
    this.#verifiers = [];
    for (const answer of verifiers) answer(error);
  }

  /** A connection being set up keeps the process alive only for a message. */
  #keepAlive(needed: boolean): void {
    const wanted = needed || this.#verifiers.length > 0;
    for (const connection of this.#connecting) {
      if (wanted) connection.ref();
      else connection.unref();
    }
  }

  #armProbe(needed: boolean): void {
    clearTimeout(this.#probeTimer);
    const { closure } = this.#gate;
    if (closure === undefined || this.#connecting.size > 0) return;
    const left = Math.max(0, closure.retryAt - performance.now());
    this.#probeTimer = setTimeout(() => this.#user.progress(), left + 1);
    if (!needed) this.#probeTimer.unref();
  }
}

function closedError(): ConnectionError {
  return new ConnectionError('session', 'The pool was closed');
}
