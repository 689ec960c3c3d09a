import { Transform, type TransformCallback } from 'node:stream';

import type { AddressPatterns } from '../options/address-patterns.js';
import { checkHead } from './allowed-senders.js';
import { HeaderBlockEnd } from './header-block-end.js';
import { asInvalidMessage, tooLarge } from './invalid-message.js';

/**
 * What a streamed message passes through on its way out: puts `front` before
 * it, holds the header block back until it is checked, counts the bytes, and
 * fails with a `MailError` only.
 */
export class MessageGuard extends Transform {
  readonly #maxBytes: number;
  readonly #allowedFrom: AddressPatterns | undefined;
  readonly #headEnd = new HeaderBlockEnd();
  readonly #frontBytes: number;
  #head: Buffer[] | undefined;
  #bytes: number;

  constructor(maxBytes: number, allowedFrom?: AddressPatterns, front = '') {
    super();
    this.#maxBytes = maxBytes;
    this.#allowedFrom = allowedFrom;
    this.#head = [Buffer.from(front)];
    this.#frontBytes = front.length;
    this.#bytes = front.length;
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: TransformCallback,
  ): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) done(tooLarge(this.#maxBytes));
    else if (this.#head === undefined) done(null, chunk);
    else this.#hold(this.#head, chunk, done);
  }

  override _flush(done: TransformCallback): void {
    if (this.#head === undefined) done();
    else this.#release(this.#head, done);
  }

  // Here and not in _destroy(), for `errored` keeps what destroy() was given.
  override destroy(error?: Error): this {
    return super.destroy(error && asInvalidMessage(error));
  }

  #hold(head: Buffer[], chunk: Buffer, done: TransformCallback): void {
    head.push(chunk);
    if (this.#headEnd.reached(chunk)) this.#release(head, done);
    else done();
  }

  #release(head: Buffer[], done: TransformCallback): void {
    const bytes = Buffer.concat(head);
    this.#head = undefined;
    try {
      checkHead(bytes, this.#allowedFrom, this.#frontBytes);
    } catch (error) {
      done(asInvalidMessage(error));
      return;
    }
    done(null, bytes);
  }
}
