import { ConnectionError } from '../smtp/connection-error.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';

/** How late a sweep may be before the process must have been frozen. */
const FROZEN_AFTER_MS = 5000;

/**
 * The connections that wait for work, the latest used on top, so that those
 * not needed age at the bottom and are closed there.
 */
export class IdleConnections {
  readonly #timeoutMs: number;
  readonly #mayClose: () => boolean;
  readonly #retire: (connection: SmtpConnection) => void;
  #stack: SmtpConnection[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** When the next sweep is due, on the monotonic clock. */
  #dueAt = Infinity;

  constructor(
    timeoutMs: number,
    mayClose: () => boolean,
    retire: (connection: SmtpConnection) => void,
  ) {
    this.#timeoutMs = timeoutMs;
    this.#mayClose = mayClose;
    this.#retire = retire;
  }

  get size(): number {
    return this.#stack.length;
  }

  add(connection: SmtpConnection): void {
    this.#stack.push(connection);
    if (this.#timer === undefined) this.#arm(this.#timeoutMs);
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

  /** The clock ran on while this process did not. */
  get #wasFrozen(): boolean {
    return performance.now() > this.#dueAt + FROZEN_AFTER_MS;
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

  #arm(ms: number): void {
    this.#dueAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#sweep(), ms);
    this.#timer.unref();
  }

  #sweep(): void {
    if (this.#wasFrozen) this.#dropAll();
    this.#timer = undefined;
    this.#dueAt = Infinity;
    const now = performance.now();
    for (;;) {
      const [oldest] = this.#stack;
      if (oldest === undefined) return;
      const left = oldest.idleSince + this.#timeoutMs - now;
      if (left > 0 || !this.#mayClose()) {
        this.#arm(Math.max(left, 1000));
        return;
      }
      this.#stack.shift();
      this.#retire(oldest);
    }
  }
}
