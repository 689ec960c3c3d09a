import type { ServerResponse } from 'node:http';
import type { Mailbox, MailboxNews } from '../mailbox.js';
import type { PoolView } from '../pool/pool-view.js';
import { LiveStream } from './live-stream.js';

/** How often the pools are looked at, in milliseconds. */
const TICK_MS = 1000;

/** Everybody who looks at the mailbox at present. */
export class LiveStreams {
  readonly #mailbox: Mailbox;
  readonly #pool: PoolView;
  readonly #streams = new Set<LiveStream>();
  #stop: (() => void) | undefined;

  constructor(mailbox: Mailbox, pool: PoolView) {
    this.#mailbox = mailbox;
    this.#pool = pool;
  }

  /** Tells a client everything from now on, until it leaves. */
  open(response: ServerResponse): void {
    const stream = new LiveStream(response, () => this.#mailbox.size);
    // Who asks again meanwhile, over a connection that is still there.
    if (this.#mailbox.closed) return stream.end();
    this.#streams.add(stream);
    response.once('close', () => this.#left(stream));
    this.#stop ??= this.#start();
    stream.pool(this.#pool.snapshot());
  }

  /** Ends all of them, so that the server can be closed. */
  close(): void {
    for (const stream of this.#streams) stream.end();
  }

  #left(stream: LiveStream): void {
    stream.end();
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  #start(): () => void {
    const unlisten = this.#mailbox.listen((news) => this.#onNews(news));
    const timer = setInterval(() => {
      const pool = this.#pool.snapshot();
      for (const stream of this.#streams) stream.pool(pool);
    }, TICK_MS);
    timer.unref();
    return () => {
      unlisten();
      clearInterval(timer);
    };
  }

  #onNews(news: MailboxNews): void {
    for (const stream of this.#streams) stream.news(news);
  }
}
