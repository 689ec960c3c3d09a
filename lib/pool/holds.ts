import type { AccountFault } from './account-fault.js';
import {
  AccountHold,
  type AccountHoldEvents,
  type Step,
} from './account-hold.js';

/** How often what is held is looked over, in milliseconds. */
const BEAT_MS = 1000;

/** What {@link Holds} tell. */
export interface HoldEvents extends AccountHoldEvents {
  /** Something is held, once in a while: it may have been for too long. */
  holding(): void;
}

/** Why nothing leaves at present: the account may not send, or somebody said so. */
export class Holds {
  readonly #events: HoldEvents;
  readonly #account: AccountHold;
  #reason: string | undefined;
  #since: number | undefined;
  #beforeMs = 0;
  #beat: NodeJS.Timeout | undefined;
  #waiting = false;
  #stopped = false;

  constructor(events: HoldEvents) {
    this.#events = events;
    this.#account = new AccountHold({
      paused: (fault, probeInMs) => events.paused(fault, probeInMs),
      resumed: (pausedMs) => {
        this.#changed();
        events.resumed(pausedMs);
      },
      probeDue: () => events.probeDue(),
    });
  }

  get account(): AccountHold {
    return this.#account;
  }

  /** Why somebody has paused sending; `undefined` when nobody has. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Since when nothing leaves, on the monotonic clock, if so. */
  get since(): number | undefined {
    return this.#since;
  }

  /** For how long nothing has left, all in all, in milliseconds. */
  get totalMs(): number {
    if (this.#since === undefined) return this.#beforeMs;
    return this.#beforeMs + performance.now() - this.#since;
  }

  /** How many messages may leave. */
  get room(): number {
    return this.#reason === undefined ? this.#account.room : 0;
  }

  pause(reason: string): void {
    this.#reason = reason;
    this.#changed();
  }

  resume(): void {
    this.#reason = undefined;
    this.#changed();
  }

  pauseAccount(fault: AccountFault, startedAt: number, step: Step): void {
    this.#account.pause(fault, startedAt, step);
    this.#changed();
  }

  /** Only what waits keeps the process alive. */
  keepAlive(waiting: boolean): void {
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    this.#account.keepAlive(waiting);
    this.#keepBeat();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#beat);
    this.#account.stop();
  }

  #changed(): void {
    const held =
      this.#reason !== undefined || this.#account.fault !== undefined;
    if (held === (this.#since !== undefined)) return;
    if (this.#since !== undefined) {
      this.#beforeMs = this.totalMs;
      this.#since = undefined;
      clearInterval(this.#beat);
      return;
    }
    this.#since = performance.now();
    if (this.#stopped) return;
    this.#beat = setInterval(() => this.#events.holding(), BEAT_MS);
    this.#keepBeat();
  }

  #keepBeat(): void {
    if (this.#waiting) this.#beat?.ref();
    else this.#beat?.unref();
  }
}
