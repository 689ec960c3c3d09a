import type { MailError } from '../errors/mail-error.js';
import type { CapturedMail } from './captured-mail.js';
import { scriptedError, type ScriptedFailure } from './scripted-failure.js';

/** How many of the newest messages are kept. */
const KEPT = 1000;

/** Which messages something is about. */
export type Where = (mail: CapturedMail) => boolean;

interface Scripted {
  readonly error: MailError;
  readonly where: Where | undefined;
}

/** What an instance and its tenants have captured, and how their sends fail. */
export class CaptureStore {
  readonly #listeners = new Set<() => void>();
  #failures: Scripted[] = [];
  #kept: CapturedMail[] = [];

  /** The messages kept, oldest first. */
  sent(): readonly CapturedMail[] {
    return [...this.#kept];
  }

  keep(mail: CapturedMail): void {
    this.#kept.push(mail);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const listener of this.#listeners) listener();
  }

  /** Calls at each message kept, until what is returned is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes the next such send that is not scripted yet fail. */
  failNext(failure: ScriptedFailure, where?: Where): void {
    this.#failures.push({ error: scriptedError(failure), where });
  }

  /** What the present send fails with, if it does. */
  takeFailure(mail: CapturedMail): MailError | undefined {
    const taken = this.#failures.find(({ where }) => where?.(mail) ?? true);
    this.#failures = this.#failures.filter((one) => one !== taken);
    return taken?.error;
  }

  /** Forgets such messages, and the failures scripted for just those. */
  clear(where?: Where): void {
    if (where === undefined) {
      this.#kept = [];
      this.#failures = [];
      return;
    }
    this.#kept = this.#kept.filter((mail) => !where(mail));
    this.#failures = this.#failures.filter((one) => one.where !== where);
  }
}
