import { redactSecrets } from '../options/redact.js';
import type { Reply } from './reply.js';

/** Longest reply line taken, in bytes; RFC 5321 asks for 512. */
const MAX_LINE = 4096;

/** Longest reply taken, all its lines together, in bytes. */
const MAX_REPLY = 65_536;

const [CR, LF, BLANK, HYPHEN, ZERO] = [13, 10, 32, 45, 48];

/** The server sent something that is no reply: the stream is out of step. */
export class DesyncError extends Error {
  override readonly name = 'DesyncError';
}

/**
 * Cuts the bytes of a server into replies, strictly: every line ends with
 * CRLF, starts with a code of 200 to 599, and a multi-line reply keeps its
 * code. Anything else throws {@link DesyncError}.
 */
export class ReplyReader {
  readonly #onReply: (reply: Reply) => void;
  #rest = '';
  #code = 0;
  #lines: string[] = [];
  #size = 0;
  #stopped = false;

  constructor(onReply: (reply: Reply) => void) {
    this.#onReply = onReply;
  }

  /** Whether bytes of an unfinished reply are held. */
  get partial(): boolean {
    return this.#rest.length > 0 || this.#lines.length > 0;
  }

  /** Reads no further, not even what has been pushed already. */
  stop(): void {
    this.#stopped = true;
  }

  push(chunk: Buffer): void {
    let data = this.#rest + chunk.toString('latin1');
    this.#rest = '';
    for (;;) {
      if (this.#stopped) return;
      const end = data.indexOf('\r\n');
      if (end === -1) break;
      const line = data.slice(0, end);
      data = data.slice(end + 2);
      // Held while the reply is handled, so that `partial` sees what follows.
      this.#rest = data;
      this.#take(line);
      this.#rest = '';
    }
    // One more, since the CR of the line's end may be there already.
    if (data.length > MAX_LINE + 1) {
      throw new DesyncError('reply line too long');
    }
    this.#rest = data;
  }

  #take(line: string): void {
    if (line.length > MAX_LINE) throw new DesyncError('reply line too long');
    const code = codeOf(line);
    const text = line.slice(4);
    const more = line.charCodeAt(3) === HYPHEN;
    const first = this.#lines.length === 0;
    if (first && !more) return this.#give(code, text);
    if (!first && code !== this.#code) {
      throw new DesyncError(`reply code changed from ${this.#code} to ${code}`);
    }
    this.#size += line.length;
    if (this.#size > MAX_REPLY) throw new DesyncError('reply too long');
    this.#code = code;
    this.#lines.push(text);
    if (more) return;
    const lines = this.#lines;
    this.#lines = [];
    this.#size = 0;
    this.#give(code, lines.join('\n'));
  }

  #give(code: number, text: string): void {
    // A relay may echo what it was sent, the key included.
    this.#onReply({ code, text: redactSecrets(decode(text)) });
  }
}

/** The code that a line starts with; a loop, since regular expressions take longer. */
function codeOf(line: string): number {
  const code = digit(line, 0) * 100 + digit(line, 1) * 10 + digit(line, 2);
  const mark = line.charCodeAt(3);
  const marked = line.length === 3 || mark === BLANK || mark === HYPHEN;
  // Not quoted: a relay may echo what it was sent, the key included.
  if (!marked || !(code >= 200 && code < 600)) throw noReply();
  for (let i = 4; i < line.length; i += 1) {
    const char = line.charCodeAt(i);
    if (char === CR || char === LF) throw noReply();
  }
  return code;
}

/** A decimal digit's value, or `NaN`. */
function digit(line: string, at: number): number {
  const value = line.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : NaN;
}

function noReply(): DesyncError {
  return new DesyncError('a line that is no reply');
}

/** Reply texts are ASCII nearly always; the rest is taken as UTF-8. */
function decode(text: string): string {
  return /[\x80-\xff]/.test(text)
    ? Buffer.from(text, 'latin1').toString('utf8')
    : text;
}
