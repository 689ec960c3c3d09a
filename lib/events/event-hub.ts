import type { DrainCounts } from '../options/drain-report.js';
import type { Log } from '../options/log.js';
import type { Masking } from '../options/masking.js';
import { anySubscribed, CHANNELS } from './channels.js';
import type { MailEvent, MailEventFacts } from './mail-event.js';
import { maskFacts } from './mask-facts.js';

/** Who listens to one instance. */
export interface MailEventListener {
  next(event: MailEvent): void;

  /** No event follows. */
  ended?(): void;
}

/** The whole that a hub is part of. */
interface Whole {
  readonly hub: EventHub;
  readonly tenant: string | undefined;
}

/**
 * Where the events of one instance are told. Whoever tells one asks
 * {@link EventHub.listening} first, so that nothing is built for nobody:
 * `if (events.listening) events.emit({ ... })`.
 */
export class EventHub {
  readonly #instance: string;
  readonly #masking: Masking;
  readonly #log: Log;
  readonly #whole: Whole | undefined;
  readonly #listeners = new Set<MailEventListener>();
  #closed = false;
  #complained = false;

  constructor(instance: string, masking: Masking, log: Log, whole?: Whole) {
    this.#instance = instance;
    this.#masking = masking;
    this.#log = log;
    this.#whole = whole;
  }

  /**
   * A part of it, of a tenant or of the instance itself: what is told there is
   * told here, and closing it ends nothing.
   */
  part(tenant: string | undefined): EventHub {
    const whole = { hub: this, tenant };
    return new EventHub(this.#instance, this.#masking, this.#log, whole);
  }

  /** Whether anybody listens, here or on one of the diagnostics channels. */
  get listening(): boolean {
    if (this.#whole !== undefined) return this.#whole.hub.listening;
    return !this.#closed && (this.#listeners.size > 0 || anySubscribed());
  }

  /**
   * Tells an event, with its texts masked. Listeners are called once the
   * caller has come to its end, so that they may send and drain.
   */
  emit(facts: MailEventFacts): void {
    const { hub = this, tenant } = this.#whole ?? {};
    const event: MailEvent = {
      ...maskFacts(facts, this.#masking),
      instance: this.#instance,
      ...(tenant === undefined ? {} : { tenant }),
      at: Date.now(),
    };
    queueMicrotask(() => hub.#deliver(event));
  }

  /**
   * Calls `listener` for every event from now on.
   *
   * @returns what ends that
   */
  subscribe(listener: MailEventListener): () => void {
    if (this.#whole !== undefined) return subscribeTo(this.#whole, listener);
    if (this.#closed) listener.ended?.();
    else this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells that the instance is drained. Nothing is told afterwards. */
  close({ accepted, rejected, unknown, notSent }: DrainCounts): void {
    if (this.#whole !== undefined) return;
    const report = { accepted, rejected, unknown, notSent };
    if (this.listening) this.emit({ type: 'drained', report });
    queueMicrotask(() => this.#end());
  }

  #deliver(event: MailEvent): void {
    // A subscriber that throws there ends the process, as Node documents.
    CHANNELS[event.type].publish(event);
    for (const listener of this.#listeners) {
      this.#call(() => listener.next(event));
    }
  }

  #end(): void {
    this.#closed = true;
    for (const listener of this.#listeners) {
      this.#call(() => listener.ended?.());
    }
    this.#listeners.clear();
  }

  #call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      if (this.#complained) return;
      this.#complained = true;
      const reason = this.#masking.text(String(error));
      this.#log.warn(
        `A listener of events threw (told once, and mail goes on): ${reason}`,
      );
    }
  }
}

/** Listens to a part of what is told. */
function subscribeTo(
  { hub, tenant }: Whole,
  listener: MailEventListener,
): () => void {
  return hub.subscribe({
    next: (event) => {
      if (event.tenant === tenant) listener.next(event);
    },
    ended: () => listener.ended?.(),
  });
}
