import type { ConnectionError } from '../smtp/connection-error.js';

/** Those who wait for the outcome of a set-up. */
export class Verifiers {
  #waiting: ((error: ConnectionError | undefined) => void)[] = [];

  /** Whether anybody does. */
  get any(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves with the next outcome: why it failed, if it did. */
  next(): Promise<ConnectionError | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  answer(error: ConnectionError | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(error);
  }
}
