import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** A request as the platforms hand it on: Fastify wraps Node's. */
export interface PlatformRequest {
  readonly headers: IncomingMessage['headers'];
  readonly raw?: { readonly rawBody?: unknown };

  /** What hosts that read requests themselves keep of them. */
  readonly rawBody?: unknown;
}

/** Bytes of one body, and of all that are being read. */
export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly maxQueuedBytes: number;
}

/** Why a body was not read to its end. */
export type Unread = 'too-large' | 'too-slow' | 'too-many';

/** How long a body may take, in milliseconds: SendGrid gives up before. */
const READ_MS = 30_000;

/** The bodies of posts, byte for byte as they came, while their requests live. */
export class RawBodies {
  readonly #limits: BodyLimits;
  readonly #bodies = new WeakMap<object, Buffer>();
  #bytes = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** Bytes of the bodies that are being read: nobody has verified them yet. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The body of a request; `undefined` when somebody else has read it. */
  of(request: PlatformRequest): Buffer | undefined {
    const { raw = request } = request;
    const body = this.#bodies.get(raw) ?? request.rawBody ?? raw.rawBody;
    return Buffer.isBuffer(body) ? body : undefined;
  }

  /**
   * Reads the body of a request.
   *
   * @param done - told once the body is there, or why it will not be; not
   * called for a request whose client has left
   */
  read(
    request: object,
    stream: Readable,
    done: (unread?: Unread) => void,
  ): void {
    // Of what somebody has read, nothing comes any more.
    if (!stream.readable) return done();
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      this.#bytes += chunk.length;
      const unread = this.#excess(bytes);
      if (unread === undefined) chunks.push(chunk);
      else stop(unread);
    };
    const onEnd = (): void => {
      this.#bodies.set(request, Buffer.concat(chunks, bytes));
      stop();
    };
    const stop = (unread?: Unread): void => {
      leave();
      done(unread);
    };
    const leave = (): void => {
      clearTimeout(timer);
      this.#bytes -= bytes;
      stream.off('data', onData).off('end', onEnd).off('close', leave);
    };
    const timer = setTimeout(stop, READ_MS, 'too-slow').unref();
    // Whoever leaves in the middle gets no answer.
    stream.on('error', () => undefined);
    stream.on('data', onData).on('end', onEnd).on('close', leave);
  }

  #excess(bytes: number): Unread | undefined {
    const { maxBodyBytes, maxQueuedBytes } = this.#limits;
    if (bytes > maxBodyBytes) return 'too-large';
    const isAlone = this.#bytes === bytes;
    return this.#bytes > maxQueuedBytes && !isAlone ? 'too-many' : undefined;
  }
}
