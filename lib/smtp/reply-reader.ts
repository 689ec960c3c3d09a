import { redactSecrets } from '../options/redact.js';
import type { Reply } from './reply.js';

/** Longest reply line taken, in bytes; RFC 5321 asks for 512. */
const MAX_LINE = 4096;

/** Longest reply taken, all its lines together, in bytes. */
const MAX_REPLY = 65_536;

const LINE = /^([2-5]\d\d)(?:([ -])([^\r\n]*))?$/;

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
    const { code, more, text } = parseLine(line);
    if (this.#lines.length > 0 && code !== this.#code) {
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
    // A relay may echo what it was sent, the key included.
    const whole = redactSecrets(decode(lines.join('\n')));
    this.#onReply({ code, text: whole });
  }
}

function parseLine(line: string): {
  code: number;
  more: boolean;
  text: string;
} {
  if (line.length > MAX_LINE) throw new DesyncError('reply line too long');
  const match = LINE.exec(line);
  if (match === null || line.includes('\n') || line.includes('\r')) {
    // Not quoted: a relay may echo what it was sent, the key included.
    throw new DesyncError('a line that is no reply');
  }
  return {
    code: Number(match[1]),
    more: match[2] === '-',
    text: match[3] ?? '',
  };
}

/** Reply texts are ASCII nearly always; the rest is taken as UTF-8. */
function decode(text: string): string {
  return /[\x80-\xff]/.test(text)
    ? Buffer.from(text, 'latin1').toString('utf8')
    : text;
}
