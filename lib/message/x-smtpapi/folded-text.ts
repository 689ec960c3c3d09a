const LINE_LENGTH = 76;

// Within a run of spaces only the first: a line may not be blank or end in blanks.
const BEFORE_SPACES = /(?<=[^ ])(?= )/;

/** A header value written piece by piece, on lines of 76 where that is possible. */
export class FoldedText {
  #text = '';
  #column: number;

  /** @param column - how much of the first line is taken */
  constructor(column: number) {
    this.#column = column;
  }

  get text(): string {
    return this.#text;
  }

  /**
   * Writes a piece, on a line of its own when it no longer fits: a fold adds
   * a space before it. A piece longer than a line is folded at its spaces,
   * which adds none.
   *
   * @returns the length of the longest line that it stands on
   */
  write(piece: string): number {
    if (this.#fits(piece)) return this.#append(piece);
    this.#fold(' ');
    if (this.#fits(piece)) return this.#append(piece);
    let longest = 0;
    for (const [index, part] of piece.split(BEFORE_SPACES).entries()) {
      if (index > 0 && !this.#fits(part)) this.#fold('');
      longest = Math.max(longest, this.#append(part));
    }
    return longest;
  }

  #fits(piece: string): boolean {
    return this.#column + piece.length <= LINE_LENGTH;
  }

  #append(piece: string): number {
    this.#text += piece;
    this.#column += piece.length;
    return this.#column;
  }

  #fold(indent: string): void {
    this.#text += `\r\n${indent}`;
    this.#column = indent.length;
  }
}
