// Not the global timers, which a test may have replaced.
import { clearTimeout, setTimeout } from 'node:timers';
import { FakeSendGridError } from './fake-sendgrid.error.js';

interface Waiter {
  readonly check: () => void;
  readonly reject: (error: unknown) => void;
}

/** Callers that wait for something to become true, told at each change. */
export class Waiters {
  readonly #waiters = new Set<Waiter>();
  readonly #timedOut: (message: string) => Error;
  #stopped = false;

  constructor(
    timedOut: (message: string) => Error = (message) =>
      new FakeSendGridError('TIMED_OUT', message),
  ) {
    this.#timedOut = timedOut;
  }

  changed(): void {
    for (const waiter of this.#waiters) waiter.check();
  }

  /**
   * Resolves with what `look` returns once that is not `undefined`; rejects
   * with what it throws.
   */
  wait<T>(
    look: () => T | undefined,
    timeoutMs: number,
    describe: () => string,
  ): Promise<T> {
    const { promise, resolve, reject } = settleOnce<T>();
    const timer = setTimeout(() => {
      reject(this.#timedOut(`Waited ${timeoutMs} ms for ${describe()}`));
    }, timeoutMs);
    const check = (): void => {
      try {
        const found = look();
        if (found !== undefined) resolve(found);
      } catch (error) {
        // The caller's predicate failed, not the conversation it looks at.
        reject(error);
      }
    };
    const waiter = { check, reject };
    this.#waiters.add(waiter);
    check();
    if (this.#stopped) reject(stopped());
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }

  /** Rejects every wait, also those to come that are not satisfied at once. */
  stop(): void {
    this.#stopped = true;
    for (const waiter of this.#waiters) waiter.reject(stopped());
  }
}

function stopped(): FakeSendGridError {
  return new FakeSendGridError(
    'STOPPED',
    'The fake relay was stopped before what was waited for had happened.',
  );
}

interface Settling<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

function settleOnce<T>(): Settling<T> {
  let settle: Omit<Settling<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return {
    promise,
    resolve: (value) => settle?.resolve(value),
    reject: (error) => settle?.reject(error),
  };
}
