/**
 * Collects the replies of one turn of the event loop and writes them at once,
 * `latencyMs` later: like one segment that takes that long to arrive.
 */
export class ReplyQueue {
  readonly #latencyMs: number;
  readonly #write: (text: string) => void;
  readonly #waiting: (() => void)[] = [];
  #text = '';
  #batches = 0;

  constructor(latencyMs: number, write: (text: string) => void) {
    this.#latencyMs = latencyMs;
    this.#write = write;
  }

  push(reply: string): void {
    if (this.#text === '') {
      this.#batches += 1;
      process.nextTick(() => this.#dispatch());
    }
    this.#text += `${reply}\r\n`;
  }

  /** Calls `action` once everything pushed so far is written. */
  whenWritten(action: () => void): void {
    if (this.#batches === 0) action();
    else this.#waiting.push(action);
  }

  #dispatch(): void {
    const text = this.#text;
    this.#text = '';
    if (this.#latencyMs === 0) this.#deliver(text);
    else setTimeout(() => this.#deliver(text), this.#latencyMs);
  }

  #deliver(text: string): void {
    this.#write(text);
    this.#batches -= 1;
    if (this.#batches > 0) return;
    for (const action of this.#waiting.splice(0)) action();
  }
}
