/** Numbers with what they stand for, smallest first. */
export class EventHeap<T> {
  readonly #events: { readonly at: number; readonly what: T }[] = [];

  /** The smallest number; infinite when there is none. */
  get nextAt(): number {
    return this.#events[0]?.at ?? Infinity;
  }

  push(at: number, what: T): void {
    const events = this.#events;
    const event = { at, what };
    let place = events.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = events[above];
      if (parent === undefined || parent.at <= at) break;
      events[place] = parent;
      place = above;
    }
    events[place] = event;
  }

  pop(): T | undefined {
    const first = this.#events[0];
    const last = this.#events.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#events.length > 0) this.#sink(last);
    return first.what;
  }

  #sink(event: { readonly at: number; readonly what: T }): void {
    const events = this.#events;
    let place = 0;
    for (;;) {
      const left = events[2 * place + 1];
      const right = events[2 * place + 2];
      const rightIsLess = (right?.at ?? Infinity) < (left?.at ?? Infinity);
      const child = rightIsLess ? right : left;
      if (child === undefined || child.at >= event.at) break;
      events[place] = child;
      place = 2 * place + (rightIsLess ? 2 : 1);
    }
    events[place] = event;
  }
}
