import type { IncomingMessage } from 'node:http';
import { Readable, finished } from 'node:stream';

import { tooLarge } from '../invalid-message.js';
import { connectionFailed, fetchUrl, type FetchSettings } from './fetch-url.js';
import { fetchFailed, type NamedUrl } from './url-errors.js';
import { WaitingTime } from './waiting-time.js';

/**
 * The content behind a URL, which is asked for when it is first read. Fails
 * with a `MailError` only.
 */
export class UrlStream extends Readable {
  readonly #named: NamedUrl;
  readonly #settings: FetchSettings;
  readonly #abort = new AbortController();
  readonly #waiting: WaitingTime;
  #bytes = 0;
  #asked = false;
  #answer: IncomingMessage | undefined;

  constructor(named: NamedUrl, settings: FetchSettings) {
    super();
    this.#named = named;
    this.#settings = settings;
    this.#waiting = new WaitingTime(settings.timeoutMs, () =>
      this.destroy(this.#tooSlow()),
    );
  }

  override _read(): void {
    this.#waiting.start();
    this.#answer?.resume();
    if (this.#asked) return;
    this.#asked = true;
    fetchUrl(this.#named, this.#settings, this.#abort.signal).then(
      (answer) => this.#follow(answer),
      (error: unknown) => this.destroy(connectionFailed(this.#named, error)),
    );
  }

  override _destroy(
    error: Error | null,
    done: (error?: Error | null) => void,
  ): void {
    this.#waiting.stop();
    this.#abort.abort();
    done(error);
  }

  #follow(answer: IncomingMessage): void {
    this.#answer = answer;
    answer.on('data', (chunk: Buffer) => this.#take(answer, chunk));
    finished(answer, (error) => {
      if (error) this.destroy(connectionFailed(this.#named, error));
      else if (!this.destroyed) this.push(null);
    });
  }

  #take(answer: IncomingMessage, chunk: Buffer): void {
    const { maxBytes } = this.#settings;
    this.#bytes += chunk.length;
    if (this.#bytes > maxBytes) {
      this.destroy(tooLarge(maxBytes));
    } else if (!this.push(chunk)) {
      // From here on it is the reader who is waited for.
      answer.pause();
      this.#waiting.stop();
    }
  }

  #tooSlow(): Error {
    const { timeoutMs } = this.#settings;
    return fetchFailed(
      this.#named,
      `it took longer than \`attachments.urlTimeoutMs\` (${timeoutMs} ms)`,
      { retryable: true },
    );
  }
}
