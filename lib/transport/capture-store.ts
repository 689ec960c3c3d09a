import type { SendReceipt } from '../delivery/receipt.js';
import type { MailError } from '../errors/mail-error.js';
import type { CapturedMail } from './captured-mail.js';
import { scriptedError, type ScriptedFailure } from './scripted-failure.js';

/** How many of the newest messages are kept. */
const KEPT = 1000;

/** Which messages something is about. */
export type Where = (mail: CapturedMail) => boolean;

/** How a message ended that was sent and is kept. */
export type Ending =
  | { readonly receipt: SendReceipt; readonly error?: undefined }
  | { readonly error: unknown; readonly receipt?: undefined };

/** What has changed in a store. */
export type CaptureNews =
  | { readonly kind: 'kept'; readonly mail: CapturedMail }
  | {
      readonly kind: 'ended';
      readonly mail: CapturedMail;
      readonly ending: Ending;
    }
  | { readonly kind: 'cleared' };

/** How much a store keeps; the oldest go first. */
export interface CaptureBounds {
  readonly maxMessages?: number;

  /** Bytes of all messages, the newest in any case. */
  readonly maxBytes?: number;
}

interface Scripted {
  readonly error: MailError;
  readonly where: Where | undefined;
}

/** What an instance and its tenants have captured, and how their sends fail. */
export class CaptureStore {
  readonly #listeners = new Set<(news: CaptureNews) => void>();
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #failures: Scripted[] = [];
  #kept: CapturedMail[] = [];
  #bytes = 0;

  constructor({ maxMessages = KEPT, maxBytes = Infinity }: CaptureBounds = {}) {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  /** The messages kept, oldest first. */
  sent(): readonly CapturedMail[] {
    return [...this.#kept];
  }

  /** How many it keeps. */
  get size(): number {
    return this.#kept.length;
  }

  keep(mail: CapturedMail): void {
    this.#kept.push(mail);
    this.#bytes += mail.raw.length;
    while (this.#isFull) this.#bytes -= this.#kept.shift()?.raw.length ?? 0;
    this.#tell({ kind: 'kept', mail });
  }

  /** A message that is kept, and was sent, has ended. */
  ended(mail: CapturedMail, ending: Ending): void {
    this.#tell({ kind: 'ended', mail, ending });
  }

  /** Calls at every change, until what is returned is called. */
  listen(listener: (news: CaptureNews) => void): () => void {
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
    this.#failures =
      where === undefined
        ? []
        : this.#failures.filter((one) => one.where !== where);
    this.#kept =
      where === undefined ? [] : this.#kept.filter((mail) => !where(mail));
    this.#bytes = this.#kept.reduce((sum, { raw }) => sum + raw.length, 0);
    this.#tell({ kind: 'cleared' });
  }

  get #isFull(): boolean {
    const { length } = this.#kept;
    if (length > this.#maxMessages) return true;
    return length > 1 && this.#bytes > this.#maxBytes;
  }

  #tell(news: CaptureNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}
