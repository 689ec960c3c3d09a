import { Transform, type TransformCallback } from 'node:stream';

/** Passes a message on with one header line in front. */
export class PrependLine extends Transform {
  #line: string;

  constructor(line: string) {
    super();
    this.#line = line;
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: TransformCallback,
  ): void {
    if (this.#line !== '') this.push(this.#line);
    this.#line = '';
    done(null, chunk);
  }
}
