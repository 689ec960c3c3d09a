const CR = 13;
const LF = 10;
const DOT = 46;

/** An octet that a chunk of a message lacks before the one at an index. */
interface Missing {
  readonly at: number;
  readonly octet: number;
}

/**
 * Finds what a chunk of a message lacks before it may follow DATA: the other
 * half of bare line ends, and a second dot where a line starts with one. A CR
 * at its end is left to the next chunk.
 *
 * Looks for line ends only: a loop over the octets takes several times as
 * long.
 */
export class LineRepairs {
  readonly #chunk: Buffer;
  readonly #missing: Missing[] = [];

  /** How many dots it doubles. */
  dots = 0;

  /** @param previous - the octet before the chunk */
  constructor(chunk: Buffer, previous: number) {
    this.#chunk = chunk;
    let at = this.#begin(previous);
    let cr = chunk.indexOf(CR, at);
    let lf = chunk.indexOf(LF, at);
    while (cr !== -1 || lf !== -1) {
      at = this.#endLine(cr, lf);
      if (at === chunk.length) return;
      this.#beginLine(at);
      if (cr !== -1 && cr < at) cr = chunk.indexOf(CR, at);
      if (lf !== -1 && lf < at) lf = chunk.indexOf(LF, at);
    }
  }

  /** The chunk with what it lacked; itself when that is nothing. */
  applied(): Buffer {
    const chunk = this.#chunk;
    const missing = this.#missing;
    if (missing.length === 0) return chunk;
    const out = Buffer.allocUnsafe(chunk.length + missing.length);
    chunk.copy(out);
    // From the end, so that a stretch moves at most once and overwrites none.
    let end = chunk.length;
    let before = missing.length;
    for (const { at, octet } of missing.toReversed()) {
      out.copyWithin(at + before, at, end);
      before -= 1;
      out[at + before] = octet;
      end = at;
    }
    return out;
  }

  /** Goes on from the chunk before, and returns where to look on. */
  #begin(previous: number): number {
    const completes = previous === CR && this.#chunk[0] === LF;
    if (previous === CR && !completes) this.#miss(0, LF);
    const at = completes ? 1 : 0;
    if (previous === CR || previous === LF) this.#beginLine(at);
    return at;
  }

  /** Completes the first of the line ends found, and returns where it ends. */
  #endLine(cr: number, lf: number): number {
    if (cr === -1 || (lf !== -1 && lf < cr)) {
      this.#miss(lf, CR);
      return lf + 1;
    }
    if (lf === cr + 1) return lf + 1;
    const at = cr + 1;
    if (at < this.#chunk.length) this.#miss(at, LF);
    return at;
  }

  #beginLine(at: number): void {
    if (this.#chunk[at] !== DOT) return;
    this.#miss(at, DOT);
    this.dots += 1;
  }

  #miss(at: number, octet: number): void {
    this.#missing.push({ at, octet });
  }
}
