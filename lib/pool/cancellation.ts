import { MailError } from '../errors/mail-error.js';
import { onAbort } from './abort-hub.js';

/**
 * One send's time limit and abort signal, folded into one event.
 *
 * Made only for sends that were given either. Whoever holds the message at the
 * moment listens; a new listener replaces the one before.
 */
export class Cancellation {
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #listener: ((error: MailError) => void) | undefined;
  #error: MailError | undefined;
  #ignore: (() => void) | undefined;

  constructor(signal: AbortSignal | undefined, timeoutMs: number | undefined) {
    this.#signal = signal;
    if (timeoutMs !== undefined) {
      this.#timer = setTimeout(
        () => this.#fire(timedOut(timeoutMs)),
        timeoutMs,
      );
    }
    if (signal?.aborted) this.#onAbort();
    else if (signal !== undefined)
      this.#ignore = onAbort(signal, this.#onAbort);
  }

  /** The error to settle with, once the limit has passed or the signal fired. */
  get error(): MailError | undefined {
    return this.#error;
  }

  /** Calls `listener` once cancelled; at once when that has happened already. */
  listen(listener: (error: MailError) => void): void {
    if (this.#error !== undefined) listener(this.#error);
    else this.#listener = listener;
  }

  /** As many that are cancelled with this one, each with a listener of its own. */
  fork(count: number): Cancellation[] {
    const forks = Array.from(
      { length: count },
      () => new Cancellation(undefined, undefined),
    );
    this.listen((error) => {
      for (const fork of forks) fork.#fire(error);
    });
    return forks;
  }

  /** Stops the clock and lets go of the signal. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#ignore?.();
    this.#listener = undefined;
  }

  readonly #onAbort = (): void => {
    this.#fire(
      new MailError('ABORTED', 'The send was aborted by its signal.', {
        retryable: true,
        cause: this.#signal?.reason,
      }),
    );
  };

  #fire(error: MailError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    const listener = this.#listener;
    this.dispose();
    listener?.(error);
  }
}

function timedOut(timeoutMs: number): MailError {
  return new MailError(
    'TIMED_OUT',
    `The message was not sent within its time limit of ${timeoutMs} ms.`,
    { retryable: true },
  );
}
