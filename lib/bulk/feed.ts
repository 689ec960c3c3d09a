import { Source } from './source.js';

/** So many items are taken in a row before others get their turn. */
const BURST = 64;

/** Who is fed. */
export interface FeedUser<T> {
  /** Whether one more can be taken now. */
  readonly hasRoom: boolean;

  take(item: T): void;

  /** The source has thrown. */
  sourceFailed(error: unknown): void;

  /** Something was taken, or there is no more, while nobody waited for it. */
  progress(): void;
}

/** Takes items from a source as long as there is room for them. */
export class Feed<T> {
  readonly #source: Source<T>;
  readonly #user: FeedUser<T>;
  #taken = 0;
  /** An item, or a turn of the event loop, is being waited for. */
  #waiting = false;
  #over = false;

  constructor(items: Iterable<T> | AsyncIterable<T>, user: FeedUser<T>) {
    this.#source = new Source(items);
    this.#user = user;
  }

  /** Whether nothing more comes. */
  get over(): boolean {
    return this.#over;
  }

  /** Takes as much as there is room for. */
  flow(): void {
    while (!this.#waiting && !this.#over && this.#user.hasRoom) {
      if (this.#taken < BURST) this.#takeOne();
      else this.#rest();
    }
  }

  /** Takes nothing more. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#source.close();
  }

  #takeOne(): void {
    this.#taken += 1;
    try {
      const result = this.#source.next();
      if ('then' in result) this.#await(result);
      else this.#arrived(result);
    } catch (error) {
      this.#failed(error);
    }
  }

  #await(result: Promise<IteratorResult<T>>): void {
    this.#waiting = true;
    result.then(this.#arrivedLate, this.#failedLate);
  }

  /** Lets the rest of the process have its turn: a source may never wait. */
  #rest(): void {
    this.#waiting = true;
    this.#taken = 0;
    setImmediate(() => this.#goOn());
  }

  #goOn(): void {
    this.#waiting = false;
    this.#user.progress();
  }

  readonly #arrivedLate = (result: IteratorResult<T>): void => {
    this.#arrived(result);
    this.#goOn();
  };

  readonly #failedLate = (error: unknown): void => {
    this.#failed(error);
    this.#goOn();
  };

  #arrived(result: IteratorResult<T>): void {
    // It was asked for before the stop.
    if (this.#over) return;
    try {
      if (result.done === true) this.#over = true;
      else this.#user.take(result.value);
    } catch (error) {
      this.#source.close();
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#user.sourceFailed(error);
  }
}
