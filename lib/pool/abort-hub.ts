/** Everybody who waits for one signal, behind one listener. */
class AbortHub {
  readonly #signal: AbortSignal;
  readonly #waiting = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(listener: () => void): void {
    if (this.#waiting.size === 0) {
      this.#signal.addEventListener('abort', this.#fire, { once: true });
    }
    this.#waiting.add(listener);
  }

  delete(listener: () => void): void {
    this.#waiting.delete(listener);
    if (this.#waiting.size > 0) return;
    this.#signal.removeEventListener('abort', this.#fire);
  }

  readonly #fire = (): void => {
    for (const listener of this.#waiting) listener();
    this.#waiting.clear();
  };
}

const hubs = new WeakMap<AbortSignal, AbortHub>();

/**
 * Calls `listener` once `signal` fires. However many listen, the signal has
 * one listener of ours: cancelling a whole batch with one signal is common,
 * and Node.js warns of a leak from the eleventh listener on.
 *
 * @returns a function that stops listening
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const hub = hubs.get(signal) ?? new AbortHub(signal);
  hubs.set(signal, hub);
  hub.add(listener);
  return () => hub.delete(listener);
}
