const CR = 0x0d;
const LF = 0x0a;

/**
 * Finds the end of a header block that arrives in chunks, by the same reading
 * of line ends as `checkHeaderBlock`.
 */
export class HeaderBlockEnd {
  #lineIsEmpty = true;
  #afterCr = false;

  /** Reads on, and tells whether the empty line that ends the block was met. */
  reached(chunk: Buffer): boolean {
    for (const byte of chunk) {
      const closesCrLf = byte === LF && this.#afterCr;
      this.#afterCr = byte === CR;
      if (closesCrLf) continue;
      const isEnd = byte === CR || byte === LF;
      if (isEnd && this.#lineIsEmpty) return true;
      this.#lineIsEmpty = isEnd;
    }
    return false;
  }
}
