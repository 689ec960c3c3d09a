import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** A request as the platforms hand it on: Fastify wraps Node's. */
export interface PlatformRequest {
  readonly headers: IncomingMessage['headers'];
  readonly raw?: object;
}

/** The bodies of posts, byte for byte as they came, while their requests live. */
export class RawBodies {
  readonly #bodies = new WeakMap<object, Buffer>();

  /** The body of a request; `undefined` when it was not read here. */
  of(request: PlatformRequest): Buffer | undefined {
    return this.#bodies.get(request.raw ?? request);
  }

  /**
   * Reads the body of a request.
   *
   * @param done - told whether it was within the limit; not called for a
   * request whose client has left
   */
  read(
    request: object,
    stream: Readable,
    limit: number,
    done: (withinLimit: boolean) => void,
  ): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else stop(false);
    };
    const onEnd = (): void => {
      this.#bodies.set(request, Buffer.concat(chunks, bytes));
      stop(true);
    };
    const stop = (withinLimit: boolean): void => {
      stream.off('data', onData).off('end', onEnd);
      done(withinLimit);
    };
    // Whoever leaves in the middle gets no answer.
    stream.on('error', () => undefined);
    stream.on('data', onData).on('end', onEnd);
  }
}
