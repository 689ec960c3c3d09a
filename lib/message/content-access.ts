import type { Readable } from 'node:stream';

import type { ResolvedAttachments } from '../options/resolved-options.js';
import { fileOpener } from './files/file-opener.js';
import { fileRefused, urlRefused } from './invalid-message.js';
import { admitUrl } from './urls/admit-url.js';
import { UrlStream } from './urls/url-stream.js';

/** Which files and URLs the content of messages may be read from. */
export class ContentAccess {
  readonly #options: ResolvedAttachments;
  readonly #maxBytes: number;

  /** @param maxBytes - how large one may be */
  constructor(options: ResolvedAttachments, maxBytes: number) {
    this.#options = options;
    this.#maxBytes = maxBytes;
  }

  /**
   * What opens a file, whenever it is called. Nothing is read before.
   *
   * @throws MailError `INVALID_MESSAGE`
   */
  file(path: unknown, field: string): () => Readable {
    const { directory } = this.#options;
    if (directory === undefined) throw fileRefused(field);
    return fileOpener(path, { directory, field, maxBytes: this.#maxBytes });
  }

  /**
   * What fetches a URL, whenever it is called. Nothing is asked before.
   *
   * @throws MailError `INVALID_MESSAGE`
   */
  url(href: unknown, field: string): () => Readable {
    const { urls: allowed, urlTimeoutMs: timeoutMs } = this.#options;
    if (allowed === undefined) throw urlRefused(field);
    const named = admitUrl(href, field, allowed);
    const settings = { allowed, timeoutMs, maxBytes: this.#maxBytes };
    return () => new UrlStream(named, settings);
  }
}

/** Access to nothing. */
export const NO_ACCESS = new ContentAccess(
  { directory: undefined, urls: undefined, urlTimeoutMs: 0 },
  0,
);
