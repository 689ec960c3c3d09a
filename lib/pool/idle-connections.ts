import type { SmtpConnection } from '../smtp/smtp-connection.js';

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
    for (let next = this.#stack.pop(); next; next = this.#stack.pop()) {
      if (next.state === 'open') return next;
    }
    return undefined;
  }

  remove(connection: SmtpConnection): void {
    const index = this.#stack.lastIndexOf(connection);
    if (index !== -1) this.#stack.splice(index, 1);
  }

  /** Takes out all of them. */
  takeAll(): readonly SmtpConnection[] {
    const all = this.#stack;
    this.#stack = [];
    return all;
  }

  #arm(): void {
    const ms = Math.min(HEARTBEAT_MS, this.#timeoutMs);
    this.#timer = setTimeout(() => this.#sweep(), ms);
    this.#timer.unref();
  }

  #sweep(): void {
    this.#timer = undefined;
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
