/** Time that goes on from event to event. */
export class VirtualTime {
  readonly #events: { at: number; order: number; run: () => void }[] = [];
  #order = 0;
  now = 0;

  at(time: number, run: () => void): void {
    this.#order += 1;
    this.#events.push({
      at: Math.max(this.now, time),
      order: this.#order,
      run,
    });
  }

  in(ms: number, run: () => void): void {
    this.at(this.now + ms, run);
  }

  /** Runs all that is due until then, `after` each of it. */
  pass(ms: number, after: () => void): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.#takeDue(end);
      if (next === undefined) break;
      this.now = next.at;
      next.run();
      after();
    }
    this.now = end;
  }

  #takeDue(end: number): { at: number; run: () => void } | undefined {
    let first = -1;
    for (const [index, { at, order }] of this.#events.entries()) {
      const best = this.#events[first];
      const earlier =
        best === undefined ||
        at < best.at ||
        (at === best.at && order < best.order);
      if (at <= end && earlier) first = index;
    }
    return first === -1 ? undefined : this.#events.splice(first, 1)[0];
  }
}
