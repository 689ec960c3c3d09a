const LINE_BREAK = Buffer.from('\r\n');
const END = Buffer.from('\r\n.\r\n');
const STUFFED = Buffer.from('\r\n.');
const NOTHING = Buffer.alloc(0);

/** What a body turned out to be: its bytes, or too large to be kept. */
export type Body = Buffer | 'oversized';

/**
 * Reads one message up to the final dot and takes the stuffed dots out.
 * Expects the body as it stands on the wire, in chunks of any size.
 */
export class BodyReader {
  readonly #limit: number;
  // A body begins like a line: a leading dot counts as one after a line break.
  #chunks: Buffer[] = [LINE_BREAK];
  #length = LINE_BREAK.length;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The bytes after the final dot, or `undefined` while it has not come. */
  read(chunk: Buffer): Buffer | undefined {
    const tail = this.#takeTail();
    const data = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
    const end = data.indexOf(END);
    this.#keep(end === -1 ? data : data.subarray(0, end + LINE_BREAK.length));
    return end === -1 ? undefined : data.subarray(end + END.length);
  }

  /** The message, once {@link read} has found the final dot. */
  get body(): Body {
    if (this.#length - LINE_BREAK.length > this.#limit) return 'oversized';
    return unstuff(Buffer.concat(this.#chunks));
  }

  // The last bytes of the chunk before may be the first of the final dot.
  #takeTail(): Buffer {
    const last = this.#chunks.pop() ?? NOTHING;
    const cut = Math.max(0, last.length - (END.length - 1));
    this.#length -= last.length - cut;
    if (cut > 0) this.#chunks.push(last.subarray(0, cut));
    return last.subarray(cut);
  }

  #keep(data: Buffer): void {
    this.#length += data.length;
    // Only the tail is needed of a body that is refused anyway.
    if (this.#length > this.#limit + END.length) this.#chunks = [];
    this.#chunks.push(data);
  }
}

function unstuff(wire: Buffer): Buffer {
  let from = LINE_BREAK.length;
  let dot = wire.indexOf(STUFFED);
  if (dot === -1) return wire.subarray(from);
  const parts: Buffer[] = [];
  while (dot !== -1) {
    parts.push(wire.subarray(from, Math.max(from, dot + LINE_BREAK.length)));
    from = dot + STUFFED.length;
    dot = wire.indexOf(STUFFED, from);
  }
  parts.push(wire.subarray(from));
  return Buffer.concat(parts);
}
