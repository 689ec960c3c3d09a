import { Logger } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { Log } from '../options/log.js';
import type { MailOutboxEvent } from './outbox-events.js';
import { reasonOf } from './store/store-error.js';

const LOGGER = new Logger('MailOutboxModule');

/** How long the same trouble goes on before another line tells it, in milliseconds. */
const QUIET_MS = 60_000;

/** Tells what happens in the outbox of this process. */
export class OutboxNews {
  readonly #events = new Subject<MailOutboxEvent>();
  readonly #toldAt = new Map<string, number>();

  get events$(): Observable<MailOutboxEvent> {
    return this.#events.asObservable();
  }

  tell(event: MailOutboxEvent): void {
    this.#events.next(event);
  }

  warn(message: string): void {
    LOGGER.warn(message);
  }

  /** For what reports by itself, a line at a time. */
  get log(): Log {
    return {
      info: (message) => LOGGER.log(message),
      warn: (message) => LOGGER.warn(message),
    };
  }

  /** Logs one line a minute at most of what has the same `key`. */
  warnOnce(message: string, key: string): void {
    const now = performance.now();
    const toldAt = this.#toldAt.get(key) ?? -Infinity;
    if (now - toldAt < QUIET_MS) return;
    this.#toldAt.set(key, now);
    LOGGER.warn(message);
  }

  storeTrouble(error: unknown): void {
    const message = reasonOf(error);
    this.tell({ type: 'store-trouble', message });
    this.warnOnce(`The store of the outbox: ${message}`, 'store');
  }

  end(): void {
    this.#events.complete();
  }
}
