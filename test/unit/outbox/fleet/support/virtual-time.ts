interface Event {
  readonly at: number;
  readonly run: () => void;
}

/** Time that goes on from event to event. */
export class VirtualTime {
  /** The latest first: the next is taken off the end. */
  readonly #events: Event[] = [];
  now = 0;

  at(time: number, run: () => void): void {
    const at = Math.max(this.now, time);
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      // Of those at one time the earlier made comes first.
      if ((this.#events[middle]?.at ?? 0) > at) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, { at, run });
  }

  in(ms: number, run: () => void): void {
    this.at(this.now + ms, run);
  }

  /** Runs all that is due until then, `after` each of it. */
  pass(ms: number, after: () => void): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.#events.at(-1);
      if (next === undefined || next.at > end) break;
      this.#events.pop();
      this.now = next.at;
      next.run();
      after();
    }
    this.now = end;
  }
}
