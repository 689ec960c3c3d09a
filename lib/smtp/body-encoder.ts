import { isAscii } from 'node:buffer';

import { LineRepairs } from './line-repairs.js';
import type { BytesBody } from './transaction.js';

const CR = 13;
const LF = 10;

/**
 * Turns message bytes into what may follow DATA (RFC 5321 sections 2.3.8 and
 * 4.5.2): line ends become CRLF, leading dots are doubled after that, also
 * across the borders of chunks, and the end mark is appended.
 */
export class BodyEncoder {
  // A body begins where a line does.
  #previous = LF;

  /** Whether an octet above 127 was seen: BODY=8BITMIME is needed. */
  eightBit = false;

  /** How many dots were doubled so far. */
  stuffed = 0;

  /** Encodes a chunk; one that needs nothing comes back itself. */
  push(chunk: Buffer): Buffer {
    const last = chunk.at(-1);
    if (last === undefined) return chunk;
    const repairs = new LineRepairs(chunk, this.#previous);
    this.#previous = last;
    this.stuffed += repairs.dots;
    this.eightBit ||= !isAscii(chunk);
    return repairs.applied();
  }

  /** The end mark, completing the last line first when it needs that. */
  end(): Buffer {
    if (this.#previous === LF) return END;
    return this.#previous === CR ? LF_AND_END : LINE_AND_END;
  }
}

const END = Buffer.from('.\r\n');
const LF_AND_END = Buffer.from('\n.\r\n');
const LINE_AND_END = Buffer.from('\r\n.\r\n');

/** The body that a message is which needs no encoding: see `Content.isWire`. */
export function wireBody(wire: Buffer): BytesBody {
  return { kind: 'bytes', wire, end: END, size: wire.length, eightBit: false };
}

/** Encodes a whole message; what is clean already is taken as it is. */
export function encodeBody(message: Buffer): BytesBody {
  const encoder = new BodyEncoder();
  const wire = encoder.push(message);
  const end = encoder.end();
  const size = wire.length + end.length - END.length - encoder.stuffed;
  return { kind: 'bytes', wire, end, size, eightBit: encoder.eightBit };
}
