/** Of a line, and how much of its end nodemailer looks at for a place to break. */
const WIDTH = 76;
const MARGIN = 25;

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const DOT = 46;
const EQUALS = 61;
const SOFT_BREAK = 3;
const EQUALS_QUOTED = Buffer.from('=3D');

// By octet: a set of them takes longer than the rest of the loop.
const AS_IT_IS = new Uint8Array(256);
AS_IT_IS.fill(1, SPACE, 127)[TAB] = 1;
AS_IT_IS[EQUALS] = 0;
const BREAKS = new Uint8Array(256);
for (const octet of Buffer.from(' \t.,!?')) BREAKS[octet] = 1;

/** Text in quoted-printable, with CRLF as line ends. */
export interface QuotedText {
  readonly bytes: Buffer;

  /** Whether a line of it begins with a dot. */
  readonly hasDots: boolean;
}

// Filled and read within one call.
let source = Buffer.alloc(0);
let written = Buffer.alloc(0);

/**
 * Encodes ASCII text that has a line of more than 76 characters in
 * quoted-printable, and breaks its lines where nodemailer does. Undefined for
 * text with control characters, CR, or blanks at the end of a line.
 */
export function quotePlain(text: string): QuotedText | undefined {
  if (source.length < text.length) {
    source = Buffer.alloc(2 * text.length);
    // An octet takes three at most, and a third more of a line its break.
    written = Buffer.alloc(8 * text.length);
  }
  source.write(text, 'latin1');
  return new PlainQuoter(text.length).run();
}

class PlainQuoter {
  readonly #length: number;
  #from = 0;
  #to = 0;
  #hasDots = source[0] === DOT;

  /** Octets since nodemailer would have cut last. A line end is one to it. */
  #column = 0;

  constructor(length: number) {
    this.#length = length;
  }

  run(): QuotedText | undefined {
    while (this.#from < this.#length) {
      this.#copy();
      if (this.#column === WIDTH) this.#cut(this.#from < this.#length);
      else if (this.#from < this.#length && !this.#encode()) return undefined;
    }
    if (isBlank(source[this.#length - 1])) return undefined;
    if (this.#column > WIDTH - MARGIN) this.#cut(false);
    const bytes = Buffer.from(written.subarray(0, this.#to));
    return { bytes, hasDots: this.#hasDots };
  }

  /** Copies what stays as it is, up to the end of the line's width. */
  #copy(): void {
    // In the loop, a variable of the module is read each time.
    const input = source;
    const output = written;
    const begin = this.#from;
    const end = Math.min(this.#length, begin + WIDTH - this.#column);
    let from = begin;
    let to = this.#to;
    while (from < end) {
      const octet = input[from] ?? 0;
      if (AS_IT_IS[octet] !== 1) break;
      output[to] = octet;
      from += 1;
      to += 1;
    }
    this.#from = from;
    this.#to = to;
    this.#column += from - begin;
  }

  /** Writes a line end or an equals sign; false for any other octet. */
  #encode(): boolean {
    const octet = source[this.#from];
    if (octet === EQUALS) {
      this.#quote();
      return true;
    }
    if (octet !== LF || isBlank(source[this.#from - 1])) return false;
    this.#from += 1;
    written[this.#to] = CR;
    written[this.#to + 1] = LF;
    this.#to += 2;
    this.#column += 1;
    // What lies behind the end of the text is of another.
    const isInside = this.#from < this.#length;
    if (isInside && source[this.#from] === DOT) this.#hasDots = true;
    return true;
  }

  #quote(): void {
    this.#from += 1;
    for (const octet of EQUALS_QUOTED) {
      if (this.#column === WIDTH) this.#cut(true);
      written[this.#to] = octet;
      this.#to += 1;
      this.#column += 1;
    }
  }

  /** Ends a line: behind its last line end, else with a soft break. */
  #cut(goesOn: boolean): void {
    let at = this.#lastBreak();
    if (written[at - 1] !== LF) {
      if (at === this.#to && !goesOn) return;
      // The soft break needs a column.
      if (at === this.#to) at = beforeLast(at);
      this.#breakAt(at);
      at += SOFT_BREAK;
    }
    this.#column = this.#to - at;
  }

  /** Behind the last line end near the end, else behind another break, else the end. */
  #lastBreak(): number {
    const end = this.#to;
    let cut: number | undefined;
    for (let at = end - 1; at >= end - MARGIN; at -= 1) {
      const octet = written[at] ?? 0;
      if (octet === LF) return at + 1;
      if (cut === undefined && BREAKS[octet] === 1) cut = at + 1;
    }
    return cut ?? end;
  }

  #breakAt(at: number): void {
    for (let from = this.#to - 1; from >= at; from -= 1) {
      written[from + SOFT_BREAK] = written[from] ?? 0;
    }
    written[at] = EQUALS;
    written[at + 1] = CR;
    written[at + 2] = LF;
    this.#to += SOFT_BREAK;
    if (written[at + SOFT_BREAK] === DOT) this.#hasDots = true;
  }
}

/** Before the last octet, or the escape that it belongs to. */
function beforeLast(end: number): number {
  for (const at of [end - 3, end - 2]) if (written[at] === EQUALS) return at;
  return end - 1;
}

function isBlank(octet: number | undefined): boolean {
  return octet === SPACE || octet === TAB;
}
