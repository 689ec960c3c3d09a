import type { MailError } from '../errors/mail-error.js';
import type { CapturedMail } from './captured-mail.js';
import { scriptedError, type ScriptedFailure } from './scripted-failure.js';

/** How many of the newest messages are kept. */
const KEPT = 1000;

/** What an instance and its tenants have captured, and how their sends fail. */
export class CaptureStore {
  readonly #failures: MailError[] = [];
  #kept: CapturedMail[] = [];

  /** The messages kept, oldest first. */
  sent(): readonly CapturedMail[] {
    return [...this.#kept];
  }

  keep(mail: CapturedMail): void {
    this.#kept.push(mail);
    if (this.#kept.length > KEPT) this.#kept.shift();
  }

  /** Makes the next send that is not scripted yet fail. */
  failNext(failure: ScriptedFailure): void {
    this.#failures.push(scriptedError(failure));
  }

  /** What the present send fails with, if it does. */
  takeFailure(): MailError | undefined {
    return this.#failures.shift();
  }

  /** Forgets the messages kept and the failures scripted. */
  clear(): void {
    this.#kept = [];
    this.#failures.length = 0;
  }
}
