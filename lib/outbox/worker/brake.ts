/** What a {@link Brake} works. */
export interface Brakeable {
  pause(): void;
  resume(concurrency: number): void;
}

/** How long nothing is taken at first and at most, in milliseconds. */
const PAUSE_MS = { least: 5000, most: 60_000 };

type State =
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'trying' };

/**
 * Has a worker take nothing while nothing can be sent. Then one message at a
 * time tries whether it can again, after pauses that double.
 */
export class Brake {
  readonly #worker: Brakeable;
  readonly #concurrency: number;
  #state: State = { kind: 'off' };
  #failures = 0;

  constructor(worker: Brakeable, concurrency: number) {
    this.#worker = worker;
    this.#concurrency = concurrency;
  }

  /** Nothing can be sent. For how many milliseconds nothing is taken, if that is news. */
  pull(): number | undefined {
    // What was under way says nothing new.
    if (this.#state.kind === 'on') return undefined;
    const { least, most } = PAUSE_MS;
    const delayMs = Math.min(most, least * 2 ** this.#failures);
    this.#failures += 1;
    this.#worker.pause();
    const timer = setTimeout(() => this.#try(), delayMs);
    timer.unref();
    this.#state = { kind: 'on', timer };
    return delayMs;
  }

  /** A message could be offered. Whether the brake was on until now. */
  release(): boolean {
    if (this.#state.kind !== 'trying') return false;
    this.#failures = 0;
    this.#state = { kind: 'off' };
    this.#worker.resume(this.#concurrency);
    return true;
  }

  stop(): void {
    if (this.#state.kind === 'on') clearTimeout(this.#state.timer);
  }

  #try(): void {
    this.#state = { kind: 'trying' };
    this.#worker.resume(1);
  }
}
