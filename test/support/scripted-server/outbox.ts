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
  readonly pieces: Pieces;
  readonly done: (() => void) | undefined;
}

/**
 * The replies of one connection on their way out, in order. Pieces are parted
 * by a turn of the event loop, so that the client sees each by itself; pieces
 * cut at random may hold the end of one reply and the start of the next.
 */
export class Outbox {
  readonly #line: Line;
  readonly #random: () => number;
  readonly #items: Item[] = [];
  #waiting = false;

  constructor(line: Line, random: () => number) {
    this.#line = line;
    this.#random = random;
  }

  /** Queues a reply; `done` is called once it is out. */
  put({ say, after }: Timed, pieces: Pieces, done?: () => void): void {
    this.#items.push({ text: say, after, pieces, done });
    this.#pump();
  }

  readonly #pump = (): void => {
    if (this.#waiting) return;
    for (let item = this.#items[0]; item; item = this.#items[0]) {
      if (this.#line.isClosed()) return;
      if (item.after !== undefined) return this.#waitFor(item, item.after);
      const cut = this.#writePiece(item.pieces);
      if (cut) return this.#resumeWith(setImmediate);
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

  /** Writes the next piece; tells whether the next must wait for a turn. */
  #writePiece(pieces: Pieces): boolean {
    const { piece, done } = this.#take(this.#length(pieces));
    if (piece !== '') this.#line.write(piece);
    done?.();
    return pieces !== 'whole' && piece !== '';
  }

  /** Takes up to `left` bytes, over the borders of replies but not beyond an ending. */
  #take(length: number): Pick<Item, 'done'> & { readonly piece: string } {
    let left = length;
    let piece = '';
    for (let item = this.#items[0]; item && left > 0; item = this.#items[0]) {
      if (item.after !== undefined) break;
      const part = item.text.slice(0, left);
      piece += part;
      left -= part.length;
      item.text = item.text.slice(part.length);
      if (item.text !== '') break;
      this.#items.shift();
      const { done } = item;
      if (done !== undefined || item.pieces === 'whole') return { piece, done };
    }
    return { piece, done: undefined };
  }

  #length(pieces: Pieces): number {
    if (pieces === 'whole') return Infinity;
    if (pieces === 'bytes') return 1;
    return 1 + Math.floor(this.#random() * LONGEST);
  }
}
