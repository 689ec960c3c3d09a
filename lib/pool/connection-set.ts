import type { ConnectionError } from '../smtp/connection-error.js';
import type { ConnectionOwner } from '../smtp/connection-owner.js';
import { SmtpConnection } from '../smtp/smtp-connection.js';
import type { Closure } from './connect-gate.js';
import { countBusy, type ConnectionCounts } from './connection-counts.js';
import {
  tellOpened,
  tellRotated,
  type RotatedReason,
} from './connection-news.js';
import type { ConnectionSetSettings } from './connection-set-settings.js';
import type { ConnectionUser } from './connection-user.js';
import { FROZEN, POOL_CLOSED } from './endings.js';
import { FreezeWatch } from './freeze-watch.js';
import { IdleConnections } from './idle-connections.js';
import { LearnedCap } from './learned-cap.js';
import { OpenFiles } from './open-files.js';
import { OwedConnections } from './owed-connections.js';
import type { Parcel } from './parcel.js';
import { RideableConnections } from './rideable-connections.js';
import { Rotation } from './rotation.js';
import { SetUps } from './set-ups.js';
import { TakenKey } from './taken-key.js';

/** The connections of one pool: which are free, and when each is replaced. */
export class ConnectionSet implements ConnectionOwner<SmtpConnection> {
  readonly #settings: ConnectionSetSettings;
  readonly #user: ConnectionUser;
  readonly #setUps: SetUps;
  readonly #idle: IdleConnections;
  readonly #owed: OwedConnections;
  readonly #learned: LearnedCap;
  readonly #freeze = new FreezeWatch(() => this.#thaw());
  readonly #all = new Map<SmtpConnection, Rotation>();

  /** Those open or being set up, and those on their way out. */
  readonly all: ReadonlyMap<SmtpConnection, Rotation> = this.#all;
  readonly #rideable = new RideableConnections();
  /** Told to QUIT; they hold their places until their sockets are gone. */
  readonly #leaving = new Set<SmtpConnection>();
  readonly #keyTaken: TakenKey;
  #standbysWanted = 0;
  #setUpMs = 0;
  #closed: (() => void) | undefined;

  constructor(settings: ConnectionSetSettings, user: ConnectionUser) {
    const { pool, telling, connection } = settings;
    this.#settings = settings;
    this.#user = user;
    const { host, port } = connection.relay;
    this.#learned = LearnedCap.of(host, port);
    this.#keyTaken = new TakenKey(connection.keys);
    this.#setUps = new SetUps({
      host,
      pool,
      files: OpenFiles.ofProcess(),
      keys: connection.keys,
      telling,
      judge: settings.judge,
      pauseAccount: (fault, startedAt) =>
        user.pauseAccount(fault, startedAt, 'auth'),
      connect: () => this.#connect(),
      progress: () => user.progress(),
      giveUpOne: () => this.#owed.add(),
    });
    this.#idle = new IdleConnections(pool.idleTimeoutMs, {
      mayClose: () => this.#staying > pool.minConnections,
      isDue: (idle) => this.#all.get(idle)?.due(idle) ?? false,
      retire: (idle) => this.#retire(idle),
    });
    this.#owed = new OwedConnections(this.#idle, {
      isAlone: () => this.#staying === 1,
      isCrowded: () => this.#staying > this.#setUps.ceiling.limit,
      retire: (owed) => this.#retire(owed, 'budget'),
    });
  }

  get counts(): ConnectionCounts {
    const connecting = this.#setUps.size;
    const busy = countBusy(this.#all.keys());
    return { open: this.#all.size, connecting, busy, idle: this.#idle.size };
  }

  /** Why no connection can be had, while none is open either. */
  get outage(): Closure | undefined {
    const { size, closure } = this.#setUps;
    return size === this.#all.size ? closure : undefined;
  }

  /** The relay's refusal of the key, while it stands. */
  get keyRefusal(): ConnectionError | undefined {
    const { keyRefused, closure } = this.#setUps;
    return keyRefused ? closure?.error : undefined;
  }

  /** Whether no connection has brought a message through since one failed. */
  get troubled(): boolean {
    return this.#setUps.troubled;
  }

  takeIdle(): SmtpConnection | undefined {
    if (this.#idle.size > 0) this.#freeze.check();
    return this.#idle.take();
  }

  /** Puts back what {@link takeIdle} gave and nobody used. */
  giveBack(connection: SmtpConnection): void {
    this.#idle.add(connection);
  }

  /** A connection whose body has left and that an envelope may ride on. */
  rideable(): SmtpConnection | undefined {
    if (this.#rideable.size > 0) this.#freeze.check();
    return this.#rideable.first();
  }

  /** Hands a parcel to a connection and replaces the connection in time. */
  use(connection: SmtpConnection, parcel: Parcel, how: 'begin' | 'ride'): void {
    const rotation = this.#all.get(connection);
    if (rotation === undefined) return;
    this.#rideable.remove(connection);
    parcel.boards(connection, rotation);
    connection[how](parcel);
    const now = performance.now();
    if (rotation.due(connection, now)) this.#retire(connection);
    const nears = rotation.nears(connection, this.#setUpMs, now);
    if (nears) this.#standbysWanted += 1;
  }

  /** Opens what `backlog` waiting messages ask for, within every bound. */
  ramp(backlog: number): void {
    if (this.#closed !== undefined) return;
    const setUps = this.#setUps;
    const due = backlog + this.#standbysWanted - setUps.free;
    const missing = this.#settings.pool.minConnections - this.#staying;
    const probe = setUps.closure === undefined ? 0 : 1;
    const wanted = Math.max(due, missing, probe);
    const started = setUps.start(wanted, this.#all.size);
    this.#standbysWanted = Math.max(0, this.#standbysWanted - started);
    setUps.keepTrying(backlog > 0);
  }

  /** Opens one connection to see whether the account is let in again. */
  probe(): boolean {
    return this.#closed === undefined && this.#setUps.probe(this.#all.size);
  }

  /** Ends the open connections that are meant, once they have nothing on the wire. */
  retireAll(
    reason: RotatedReason,
    isMeant: (connection: SmtpConnection) => boolean = () => true,
  ): void {
    for (const connection of this.#all.keys()) {
      if (connection.state !== 'open' || !isMeant(connection)) continue;
      this.#idle.remove(connection);
      this.#retire(connection, reason);
    }
  }

  /**
   * Lets it hold no more than that from now on; of those it has, the ones
   * beyond end once they have nothing on the wire.
   */
  limit(max: number): void {
    this.#setUps.ceiling.limit = max;
    this.#owed.giveUpIdle();
  }

  /**
   * Sets up a connection to see whether the relay takes one; it is kept for
   * use. At the limit the open ones are proof enough.
   */
  async verify(): Promise<ConnectionError | undefined> {
    return this.#setUps.verify(this.#all.size);
  }

  /** Retires every connection; resolves once the last socket is gone. */
  close(): Promise<void> {
    this.#setUps.stop();
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
    });
    for (const connection of this.#all.keys()) {
      if (this.#setUps.has(connection)) connection.destroy(POOL_CLOSED);
      else this.#dismiss(connection);
    }
    if (this.#all.size === 0) this.#closed?.();
    return closed;
  }

  /** Drops every connection; others may follow. */
  destroy(why: ConnectionError): void {
    for (const connection of this.#all.keys()) connection.destroy(why);
  }

  greeted(connection: SmtpConnection): void {
    this.#user.greeted(connection);
  }

  ready(connection: SmtpConnection): void {
    this.#setUpMs = connection.readyAt - connection.createdAt;
    this.#setUps.succeeded(connection);
    this.#user.loggedIn(connection.createdAt);
    tellOpened(this.#settings.telling, connection, this.#all.size);
    const key = this.#keyTaken.seen(connection.key);
    if (key === 'new') {
      this.retireAll('key', (other) => other.key !== connection.key);
    }
    const frozen = connection.createdAt < this.#freeze.thawedAt;
    const due = this.#all.get(connection)?.due(connection) === true;
    if (key === 'outdated') this.#retire(connection, 'key');
    else if (frozen || due) this.#retire(connection, 'frozen');
    else if (!connection.busy) this.#idle.add(connection);
    this.#user.progress();
    this.#owed.giveUpIdle();
  }

  proven(): void {
    this.#setUps.proven();
  }

  free(connection: SmtpConnection): void {
    this.#rideable.remove(connection);
    this.#freeze.check();
    if (this.#all.get(connection)?.due(connection)) this.#retire(connection);
    else if (connection.state === 'open' && !this.#owed.includes(connection)) {
      this.#idle.add(connection);
    }
    this.#user.progress();
    this.#owed.giveUpIdle();
  }

  tail(connection: SmtpConnection): void {
    this.#freeze.check();
    if (this.#owed.includes(connection)) return;
    this.#user.tail(connection);
    this.#rideable.add(connection);
  }

  lost(connection: SmtpConnection, error: ConnectionError): void {
    this.#rideable.remove(connection);
    this.#idle.remove(connection);
    const rotation = this.#all.get(connection);
    rotation?.lost(connection, error, this.#leaving.has(connection));
    if (this.#setUps.has(connection)) {
      // Neither those under way nor the lost one, whose socket is still to go.
      const open = this.#all.size - this.#setUps.size;
      this.#setUps.failed(connection, error, open);
    } else if (connection.fruitless && error.nature !== 'deliberate') {
      // It never brought a message through: reconnecting at once would spin.
      this.#setUps.holdBack(connection, error);
    }
    this.#user.progress();
  }

  closed(connection: SmtpConnection): void {
    this.#idle.remove(connection);
    this.#leaving.delete(connection);
    this.#all.get(connection)?.close();
    this.#all.delete(connection);
    this.#setUps.released();
    if (this.#all.size === 0) {
      this.#freeze.stop();
      this.#closed?.();
    }
    this.#user.progress();
  }

  /** Open or being set up, and not on their way out. */
  get #staying(): number {
    return this.#all.size - this.#leaving.size;
  }

  #connect(): SmtpConnection {
    const { connection: settings, pool, telling } = this.#settings;
    const connection = new SmtpConnection(settings, this);
    const learned = this.#learned;
    this.#all.set(connection, new Rotation({ pool, telling, learned }));
    this.#freeze.start();
    return connection;
  }

  /** What was open while the process was frozen may be dead: it gets no more work. */
  #thaw(): void {
    for (const connection of this.#idle.takeAll()) {
      this.#tellRotated(connection, 'frozen');
      connection.destroy(FROZEN);
    }
    this.retireAll('frozen');
  }

  /** Ends a connection that is due, or else for the given reason. */
  #retire(connection: SmtpConnection, otherwise: RotatedReason = 'idle'): void {
    const due = this.#all.get(connection)?.dueTo(connection);
    this.#tellRotated(connection, due ?? otherwise);
    this.#dismiss(connection);
  }

  #tellRotated(connection: SmtpConnection, reason: RotatedReason): void {
    // What goes along with AUTH may use a connection up before it is ready.
    if (this.#leaving.has(connection)) return;
    tellRotated(this.#settings.telling, connection, reason);
  }

  #dismiss(connection: SmtpConnection): void {
    this.#leaving.add(connection);
    connection.retire();
  }
}
