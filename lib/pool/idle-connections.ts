import { ConnectionError } from '../smtp/connection-error.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';

/** How late a sweep may be before the process must have been frozen. */
const FROZEN_AFTER_MS = 5000;

/** How often idle connections are looked at, at least, in milliseconds. */
const HEARTBEAT_MS = 1000;

/** What {@link IdleConnections} ask their owner. */
export interface IdleRules {
  /** Whether there are more connections than have to stay. */
  mayClose(): boolean;

  /** Whether a connection is to be replaced, however needed. */
  isDue(connection: SmtpConnection): boolean;

  /** Ends a connection that has been taken out. */
  retire(connection: SmtpConnection): void;
}

/**
 * The connections that wait for work, the latest used on top, so that those
 * not needed age at the bottom and are closed there.
 */
export class IdleConnections {
  readonly #timeoutMs: number;
  readonly #rules: IdleRules;
  #stack: SmtpConnection[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** When the next sweep is due, on the monotonic and on the wall clock. */
  #dueAt = Infinity;
  #dueAtWall = Infinity;

  constructor(timeoutMs: number, rules: IdleRules) {
    this.#timeoutMs = timeoutMs;
    this.#rules = rules;
  }

  get size(): number {
    return this.#stack.length;
  }

  add(connection: SmtpConnection): void {
    this.#stack.push(connection);
    if (this.#timer === undefined) this.#arm();
  }

  take(): SmtpConnection | undefined {
    if (this.#wasFrozen) this.#dropAll();
    for (let next = this.#stack.pop(); next; next = this.#stack.pop()) {
      if (next.state === 'open') return next;
    }
    return undefined;
  }

  remove(connection: SmtpConnection): void {
    const index = this.#stack.lastIndexOf(connection);
    if (index !== -1) this.#stack.splice(index, 1);
  }

  /** The clocks ran on while this process did not. A suspend stops one of them. */
  get #wasFrozen(): boolean {
    return (
      performance.now() > this.#dueAt + FROZEN_AFTER_MS ||
      Date.now() > this.#dueAtWall + FROZEN_AFTER_MS
    );
  }

  /** What was idle while the process was frozen may be dead by now. */
  #dropAll(): void {
    const stale = this.#stack;
    this.#stack = [];
    for (const connection of stale) {
      connection.destroy(
        new ConnectionError('session', 'The process was frozen meanwhile'),
      );
    }
  }

  #arm(): void {
    const ms = Math.min(HEARTBEAT_MS, this.#timeoutMs);
    this.#dueAt = performance.now() + ms;
    this.#dueAtWall = Date.now() + ms;
    this.#timer = setTimeout(() => this.#sweep(), ms);
    this.#timer.unref();
  }

  #sweep(): void {
    if (this.#wasFrozen) this.#dropAll();
    this.#timer = undefined;
    this.#dueAt = this.#dueAtWall = Infinity;
    const overdueSince = performance.now() - this.#timeoutMs;
    const stack = this.#stack;
    this.#stack = [];
    for (const connection of stack) {
      const overdue = connection.idleSince <= overdueSince;
      const goes =
        this.#rules.isDue(connection) || (overdue && this.#rules.mayClose());
      if (goes) this.#rules.retire(connection);
      else this.#stack.push(connection);
    }
    if (this.#stack.length > 0) this.#arm();
  }
}
