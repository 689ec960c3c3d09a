/** Time that may be spent waiting, in all; it runs between `start` and `stop`. */
export class WaitingTime {
  readonly #onOver: () => void;
  #leftMs: number;
  #running:
    { readonly since: number; readonly timer: NodeJS.Timeout } | undefined;

  constructor(ms: number, onOver: () => void) {
    this.#leftMs = ms;
    this.#onOver = onOver;
  }

  start(): void {
    this.#running ??= {
      since: performance.now(),
      timer: setTimeout(this.#onOver, Math.max(0, this.#leftMs)),
    };
  }

  stop(): void {
    if (this.#running === undefined) return;
    clearTimeout(this.#running.timer);
    this.#leftMs -= performance.now() - this.#running.since;
    this.#running = undefined;
  }
}
