import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { BodyReader, type Body } from './body-reader.js';

const MAX_LINE = 16 * 1024;
const NOTHING = Buffer.alloc(0);

/** What the parser calls. Each call goes on with `resume`, at once or later. */
export interface WireListener {
  onCommand(line: Buffer, resume: () => void): void;

  /** The first bytes of a body are here. */
  onBodyStart(resume: () => void): void;

  /** A body and its final dot are here. */
  onBody(body: Body, resume: () => void): void;

  /** More had arrived before the last command or body was answered. */
  onPipelined(): void;
}

/**
 * Splits what a client sends into commands and bodies, one at a time and
 * without loss, however it is cut into chunks or put together in one.
 */
export class WireParser extends SMTPStream {
  readonly #listener: WireListener;
  #unread: Buffer = NOTHING;
  #reader: BodyReader | undefined;
  #bodyBegun = false;
  #blocked = false;
  #running = false;
  #next: (() => void) | undefined;

  constructor(listener: WireListener) {
    super();
    this.#listener = listener;
  }

  /** Reads a body of at most `limit` bytes next. */
  beginBody(limit: number): void {
    this.#reader = new BodyReader(limit);
    this.#bodyBegun = false;
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding | 'buffer',
    next: (error?: Error | null) => void,
  ): void {
    this.#unread =
      this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    if (!this.#reader && isTooLong(this.#unread)) {
      return next(new Error('Command line too long'));
    }
    this.#next = next;
    this.#run();
  }

  #run(): void {
    // A resume that comes at once must not recurse: groups can be long.
    if (this.#running) return;
    this.#running = true;
    let more = true;
    while (more && !this.#blocked && !this.isClosed) more = this.#step();
    this.#running = false;
    if (this.isClosed) this.#unread = NOTHING;
    if (this.#blocked && !this.isClosed) return;
    const next = this.#next;
    this.#next = undefined;
    next?.();
  }

  #step(): boolean {
    if (this.#unread.length === 0) return false;
    return this.#reader ? this.#stepBody(this.#reader) : this.#stepCommand();
  }

  #stepCommand(): boolean {
    const end = this.#unread.indexOf(0x0a);
    if (end === -1) return false;
    const line = this.#unread.subarray(0, end);
    this.#unread = this.#unread.subarray(end + 1);
    const command = line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
    this.#block((resume) => this.#listener.onCommand(command, resume));
    return true;
  }

  #stepBody(reader: BodyReader): boolean {
    if (!this.#bodyBegun) {
      this.#bodyBegun = true;
      this.#block((resume) => this.#listener.onBodyStart(resume));
      return true;
    }
    const rest = reader.read(this.#unread);
    this.#unread = rest ?? NOTHING;
    if (rest === undefined) return false;
    this.#reader = undefined;
    this.#block((resume) => this.#listener.onBody(reader.body, resume));
    return true;
  }

  #block(call: (resume: () => void) => void): void {
    this.#blocked = true;
    if (!this.#reader && this.#unread.length > 0) this.#listener.onPipelined();
    call(() => {
      this.#blocked = false;
      this.#run();
    });
  }
}

function isTooLong(unread: Buffer): boolean {
  return (
    unread.length > MAX_LINE &&
    unread.subarray(0, MAX_LINE).indexOf(0x0a) === -1
  );
}
