import { Deque } from '../../smtp/deque.js';

/** Handles the body of one post; must not reject. */
export type HandlePost = (body: Uint8Array) => Promise<void>;

/**
 * Where posts wait between their answer and their handling: in order, one at a
 * time, and no more bytes of them than allowed.
 */
export class Intake {
  readonly #maxBytes: number;
  readonly #handle: HandlePost;
  readonly #posts = new Deque<Uint8Array>();
  #bytes = 0;
  #working = false;
  #onEmpty: (() => void)[] = [];

  constructor(maxBytes: number, handle: HandlePost) {
    this.#maxBytes = maxBytes;
    this.#handle = handle;
  }

  /** Bytes that wait, the post being handled included. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes a post. One alone is taken whatever its size.
   *
   * @returns whether there was room
   */
  take(body: Uint8Array): boolean {
    const bytes = this.#bytes + body.byteLength;
    if (bytes > this.#maxBytes && this.#bytes > 0) return false;
    this.#bytes = bytes;
    this.#posts.push(body);
    if (!this.#working) this.#workOn();
    return true;
  }

  /** Resolves once nothing waits and nothing is being handled. */
  async whenEmpty(): Promise<void> {
    if (!this.#working) return;
    await new Promise<void>((resolve) => this.#onEmpty.push(resolve));
  }

  #workOn(): void {
    const post = this.#posts.shift();
    this.#working = post !== undefined;
    if (post === undefined) {
      for (const resolve of this.#onEmpty.splice(0)) resolve();
      return;
    }
    // Requests come first: a post may take milliseconds to handle.
    setImmediate(() => {
      void this.#handle(post).then(() => {
        this.#bytes -= post.byteLength;
        this.#workOn();
      });
    });
  }
}
