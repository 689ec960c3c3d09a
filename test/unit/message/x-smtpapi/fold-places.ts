/** Tells where a value in JSON could be folded, reading it letter by letter. */
export class FoldPlaces {
  #inString = false;
  #escaped = false;
  #before = '';

  /**
   * Reads on by a line, without the space that its fold added.
   *
   * @returns the places behind its first letter
   */
  read(line: string): number[] {
    const places: number[] = [];
    for (const [at, letter] of Array.from(line, (x, n) => [n, x] as const)) {
      if (at > 0 && this.#isPlace(letter)) places.push(at);
      this.#step(letter);
    }
    return places;
  }

  /** Whether what was read ends within a string. */
  get inString(): boolean {
    return this.#inString;
  }

  #isPlace(letter: string): boolean {
    return this.#inString
      ? letter === ' ' && this.#before !== ' '
      : '[{,:'.includes(this.#before) && !',:]}'.includes(letter);
  }

  #step(letter: string): void {
    if (letter === '"' && !this.#escaped) this.#inString = !this.#inString;
    this.#escaped = letter === '\\' && !this.#escaped;
    this.#before = letter;
  }
}
