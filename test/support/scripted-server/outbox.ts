import type { Timed } from './conversation-events.js';

/** How replies leave: each at once, cut at random, or byte by byte. */
export type Pieces = 'whole' | 'split' | 'bytes';

/** Longest piece of a reply that is cut at random, in bytes. */
const LONGEST = 24;

/** Where an {@link Outbox} delivers to. */
export interface Line {
  isClosed(): boolean;
  write(piece: string): void;
}

interface Item {
  text: string;
  after: Promise<unknown> | undefined;
  readonly done: (() => void) | undefined;
}

/**
 * The replies of one connection on their way out, in order. Pieces are parted
 * by a turn of the event loop, so that the client sees each by itself; pieces
 * cut at random may hold the end of one reply and the start of the next.
 */
export class Outbox {
  readonly #line: Line;
  readonly #pieces: Pieces;
  readonly #random: () => number;
  readonly #items: Item[] = [];
  #waiting = false;

  constructor(line: Line, pieces: Pieces, random: () => number) {
    this.#line = line;
    this.#pieces = pieces;
    this.#random = random;
  }

  /** Queues a reply; `done` is called once it is out. */
  put({ say, after }: Timed, done?: () => void): void {
    this.#items.push({ text: say, after, done });
    this.#pump();
  }

  readonly #pump = (): void => {
    if (this.#waiting) return;
    for (let item = this.#items[0]; item; item = this.#items[0]) {
      if (this.#line.isClosed()) return;
      if (item.after !== undefined) return this.#waitFor(item, item.after);
      const piece = this.#cut();
      if (piece !== '') this.#line.write(piece);
      if (this.#pieces !== 'whole' && piece !== '') {
        return this.#resumeWith(setImmediate);
      }
    }
  };

  #waitFor(item: Item, after: Promise<unknown>): void {
    item.after = undefined;
    this.#resumeWith((resume) => void after.then(resume));
  }

  #resumeWith(schedule: (resume: () => void) => void): void {
    this.#waiting = true;
    schedule(() => {
      this.#waiting = false;
      this.#pump();
    });
  }

  /** The next piece. What it completes is done once the piece is written. */
  #cut(): string {
    let left = this.#length();
    let piece = '';
    for (let item = this.#items[0]; item && left > 0; item = this.#items[0]) {
      if (item.after !== undefined) break;
      const part = item.text.slice(0, left);
      piece += part;
      left -= part.length;
      item.text = item.text.slice(part.length);
      if (item.text !== '') break;
      this.#items.shift();
      if (item.done !== undefined) queueMicrotask(item.done);
      if (item.done !== undefined || this.#pieces === 'whole') break;
    }
    return piece;
  }

  #length(): number {
    if (this.#pieces === 'whole') return Infinity;
    if (this.#pieces === 'bytes') return 1;
    return 1 + Math.floor(this.#random() * LONGEST);
  }
}
