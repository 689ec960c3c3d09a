import type { ServerResponse } from 'node:http';
import type { Entry } from '../mail/entry.js';
import type { MailboxNews } from '../mailbox.js';
import type { MailboxPool } from '../pool/mailbox-pool.js';

/** How long messages are gathered that are told together, in milliseconds. */
const GATHER_MS = 100;

/** More messages than that are not told one by one. */
const MOST = 200;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  Connection: 'close',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * Server-sent events to one client: `messages` (a `MailboxList` of what is new
 * or has changed), `reload` (read the list again) and `pool` (a `MailboxPool`).
 */
export class LiveStream {
  readonly #response: ServerResponse;
  readonly #total: () => number;
  readonly #changed = new Set<Entry>();
  #reload = false;
  #timer: NodeJS.Timeout | undefined;

  /** `total` tells how many messages there are. */
  constructor(response: ServerResponse, total: () => number) {
    this.#response = response;
    this.#total = total;
    response.writeHead(200, HEADERS);
    response.write('retry: 1000\n\n');
  }

  news(news: MailboxNews): void {
    if (news.kind === 'changed') this.#changed.add(news.entry);
    this.#reload ||= news.kind === 'all' || this.#changed.size > MOST;
    if (this.#reload) this.#changed.clear();
    this.#timer ??= setTimeout(() => void this.#tell(), GATHER_MS);
  }

  pool(pool: MailboxPool): void {
    // Who is slow to read needs the latest only.
    if (!this.#response.writableNeedDrain) this.#write('pool', pool);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#response.end();
  }

  async #tell(): Promise<void> {
    this.#timer = undefined;
    if (this.#response.writableNeedDrain) return this.#later();
    const entries = [...this.#changed];
    const reload = this.#reload;
    this.#changed.clear();
    this.#reload = false;
    if (reload) this.#write('reload', {});
    if (entries.length === 0) return;
    const messages = await Promise.all(entries.map((entry) => entry.summary()));
    this.#write('messages', { messages, total: this.#total() });
  }

  /** Who does not keep up reads the list again instead. */
  #later(): void {
    this.#changed.clear();
    this.#reload = true;
    this.#timer = setTimeout(() => void this.#tell(), GATHER_MS);
  }

  #write(event: string, data: unknown): void {
    if (this.#response.writableEnded) return;
    this.#response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
