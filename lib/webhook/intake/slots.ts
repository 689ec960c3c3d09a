import { Deque } from '../../smtp/deque.js';

type Work = () => Promise<void>;

/** Runs asynchronous work in order, at most so many pieces at a time. */
export class Slots {
  readonly #count: number;
  readonly #waiting = new Deque<Work>();
  #running = 0;
  #onRoom: (() => void)[] = [];
  #onIdle: (() => void)[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** Runs it as soon as there is a slot; it must not reject. */
  run(work: Work): void {
    if (this.#running >= this.#count) this.#waiting.push(work);
    else this.#start(work);
  }

  /** Resolves once nothing waits for a slot. */
  async whenRoom(): Promise<void> {
    if (this.#waiting.size === 0) return;
    await new Promise<void>((resolve) => this.#onRoom.push(resolve));
  }

  /** Resolves once nothing runs. */
  async whenIdle(): Promise<void> {
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #start(work: Work): void {
    this.#running += 1;
    void work().then(() => this.#ended());
  }

  #ended(): void {
    this.#running -= 1;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#start(next);
    if (this.#waiting.size === 0) resolveAll(this.#onRoom);
    if (this.#running === 0) resolveAll(this.#onIdle);
  }
}

function resolveAll(waiters: (() => void)[]): void {
  for (const resolve of waiters.splice(0)) resolve();
}
