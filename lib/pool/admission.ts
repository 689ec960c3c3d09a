import { MailError } from '../errors/mail-error.js';
import type { ResolvedQueueOptions } from '../options/resolved-options.js';
import { Deque } from '../smtp/deque.js';
import type { Cancellation } from './cancellation.js';
import { LANES, type Lane } from './lane.js';

interface Waiter {
  /** Those that it waits among. */
  readonly waiters: Deque<Waiter>;
  readonly messages: number;
  readonly bytes: number;
  readonly admit: () => void;
  readonly refuse: (error: MailError) => void;
  gone: boolean;
  admitted: boolean;
}

/** Whom a promise settles that was not made yet. */
function nobody(): void {
  return undefined;
}

/**
 * The bounds of the queue. A place is taken before a message is composed and
 * held until it settles; its bytes are added once they are known.
 */
export class Admission {
  readonly #limits: ResolvedQueueOptions;
  readonly #waiting: Record<Lane, Deque<Waiter>> = {
    urgent: new Deque(),
    normal: new Deque(),
    bulk: new Deque(),
  };
  /** Those that hold a place and lack room for their bytes: served first. */
  readonly #waitingForBytes = new Deque<Waiter>();
  readonly #waiters = new WeakMap<Promise<void>, Waiter>();
  #messages = 0;
  #bytes = 0;
  /** Waiters that gave up since the deques were last cleared of them. */
  #gone = 0;

  constructor(limits: ResolvedQueueOptions) {
    this.#limits = limits;
  }

  get messages(): number {
    return this.#messages;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes a place, at once or when there is room.
   *
   * @throws MailError `QUEUE_FULL` unless the queue or `waits` says to wait
   */
  take(
    lane: Lane,
    cancellation?: Cancellation,
    waits = false,
  ): void | Promise<void> {
    if (this.#fits(1, 0)) {
      this.#messages += 1;
      return undefined;
    }
    if (!this.#mayWait(waits)) throw this.#full();
    return this.#wait(this.#waiting[lane], 1, 0, cancellation);
  }

  /** Adds the bytes of a message that holds a place; as {@link take}. */
  addBytes(
    bytes: number,
    cancellation?: Cancellation,
    waits = false,
  ): void | Promise<void> {
    // Small messages do not overtake, or a large one might wait for ever; but
    // those do that cannot wait.
    const mayWait = this.#mayWait(waits);
    const inTurn = !mayWait || this.#waitingForBytes.size === 0;
    if (inTurn && this.#fits(0, bytes)) {
      this.#bytes += bytes;
      return undefined;
    }
    if (!mayWait) throw this.#full();
    return this.#wait(this.#waitingForBytes, 0, bytes, cancellation);
  }

  /** Gives back a place and its bytes, and lets in who waits. */
  release(bytes: number): void {
    this.#messages -= 1;
    this.#bytes -= bytes;
    this.#admitFrom(this.#waitingForBytes);
    for (const lane of LANES) this.#admitFrom(this.#waiting[lane]);
  }

  /** Turns away one who waits, by what it waits for; no use once it is let in. */
  refuse(waiting: Promise<void>, error: MailError): void {
    const waiter = this.#waiters.get(waiting);
    if (waiter === undefined || waiter.gone || waiter.admitted) return;
    waiter.gone = true;
    waiter.refuse(error);
    this.#admitFrom(waiter.waiters);
    this.#forgetGone(waiter.waiters);
  }

  /** Turns away everybody who waits. */
  refuseAll(error: MailError): void {
    const queues = [this.#waitingForBytes, ...Object.values(this.#waiting)];
    for (const waiters of queues) {
      for (let next = waiters.shift(); next; next = waiters.shift()) {
        if (!next.gone) next.refuse(error);
      }
    }
  }

  #mayWait(waits: boolean): boolean {
    return waits || this.#limits.whenFull === 'wait';
  }

  #fits(messages: number, bytes: number): boolean {
    const { maxMessages, maxBytes } = this.#limits;
    if (this.#messages + messages > maxMessages) return false;
    // A message larger than the bound is let in when it is alone.
    return this.#bytes === 0 || this.#bytes + bytes <= maxBytes;
  }

  #admitFrom(waiters: Deque<Waiter>): void {
    for (let next = waiters.peek(); next !== undefined; next = waiters.peek()) {
      if (!next.gone && !this.#fits(next.messages, next.bytes)) return;
      waiters.shift();
      if (!next.gone) {
        this.#messages += next.messages;
        this.#bytes += next.bytes;
        next.admitted = true;
        next.admit();
      }
    }
  }

  #wait(
    waiters: Deque<Waiter>,
    messages: number,
    bytes: number,
    cancellation: Cancellation | undefined,
  ): Promise<void> {
    let admit: () => void = nobody;
    let refuse: (error: MailError) => void = nobody;
    const waiting = new Promise<void>((resolve, reject) => {
      admit = resolve;
      refuse = reject;
    });
    const state = { gone: false, admitted: false };
    const waiter = { waiters, messages, bytes, admit, refuse, ...state };
    waiters.push(waiter);
    this.#waiters.set(waiting, waiter);
    cancellation?.listen((error) => this.refuse(waiting, error));
    return waiting;
  }

  /** Drops those who gave up once they are the most of those that wait. */
  #forgetGone(waiters: Deque<Waiter>): void {
    this.#gone += 1;
    if (this.#gone < 1024 || this.#gone < waiters.size / 2) return;
    this.#gone = 0;
    for (let left = waiters.size; left > 0; left -= 1) {
      const waiter = waiters.shift();
      if (waiter?.gone === false) waiters.push(waiter);
    }
  }

  #full(): MailError {
    const { maxMessages, maxBytes } = this.#limits;
    return new MailError(
      'QUEUE_FULL',
      `The mail queue is full (${this.#messages} of ${maxMessages} messages, ${this.#bytes} of ${maxBytes} bytes), so nothing was sent. Send slower, raise \`queue.maxMessages\` or \`queue.maxBytes\`, or set \`queue.whenFull\` to 'wait'.`,
      { scope: 'connection', retryable: true },
    );
  }
}
