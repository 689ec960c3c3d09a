import { ConnectionError } from '../smtp/connection-error.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';

/** How much later than due an idle close may be before the clock is distrusted. */
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
    for (let next = this.#stack.pop(); next; next = this.#stack.pop()) {
      if (next.state === 'open' && !this.#isStale(next)) return next;
    }
    return undefined;
  }

  remove(connection: SmtpConnection): void {
    const index = this.#stack.lastIndexOf(connection);
    if (index !== -1) this.#stack.splice(index, 1);
  }

  /** Idle for so long that the process must have been frozen meanwhile. */
  #isStale(connection: SmtpConnection): boolean {
    const idleMs = performance.now() - connection.idleSince;
    if (idleMs <= this.#timeoutMs + FROZEN_AFTER_MS) return false;
    if (!this.#mayClose()) return false;
    connection.destroy(
      new ConnectionError('session', 'The connection was idle for too long'),
    );
    return true;
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#sweep(), ms);
    this.#timer.unref();
  }

  #sweep(): void {
    this.#timer = undefined;
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
