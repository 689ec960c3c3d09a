import type { VirtualTime } from './virtual-time.js';

/** How long one way takes, and whether what is on it arrives at all. */
export type Journey = () => { readonly ms: number; readonly lost: boolean };

/** A store behind a network that delays, loses and reorders. */
export class ModelStore {
  readonly #time: VirtualTime;
  readonly #journey: Journey;
  text: string | undefined;

  constructor(time: VirtualTime, journey: Journey) {
    this.#time = time;
    this.#journey = journey;
  }

  swap(
    before: string | undefined,
    after: string,
    answer: (text: string | undefined) => void,
  ): void {
    this.#travel(() => {
      if (this.text === before) this.text = after;
      const found = this.text;
      this.#travel(() => answer(found));
    });
  }

  #travel(arrive: () => void): void {
    const { ms, lost } = this.#journey();
    if (!lost) this.#time.in(ms, arrive);
  }
}
