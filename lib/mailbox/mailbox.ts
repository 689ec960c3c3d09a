import type { InstanceOpener } from '../instance-opener.js';
import { isRecord } from '../options/is-record.js';
import type { Log } from '../options/log.js';
import { resolveOptions } from '../options/resolve-options.js';
import { CaptureStore, type CaptureNews } from '../transport/capture-store.js';
import type { CapturedMail } from '../transport/captured-mail.js';
import type { MailInstance } from '../transport/mail-instance.js';
import { openInstance } from '../transport/open-instance.js';
import { Entry, type Query } from './mail/entry.js';
import type { Reader } from './mail/load-reader.js';
import type { ResolvedMailboxOptions } from './options/resolve-mailbox-options.js';

/** What has changed in a mailbox: one message, or so much that all is to be read again. */
export type MailboxNews =
  | { readonly kind: 'changed'; readonly entry: Entry }
  | { readonly kind: 'all' };

/** An instance whose mail the mailbox shows. */
export interface ShownInstance {
  readonly name: string;
  readonly instance: MailInstance;
  readonly store: CaptureStore;
}

/**
 * The mail of an application's instances. It opens them, which is how it keeps
 * their mail from being sent: no message can leave before it is there.
 */
export class Mailbox implements InstanceOpener {
  readonly #options: ResolvedMailboxOptions;
  readonly #reader: Reader;
  readonly #shown: ShownInstance[] = [];
  readonly #entries = new WeakMap<CapturedMail, Entry>();
  #count = 0;
  #closed = false;
  readonly #listeners = new Set<(news: MailboxNews) => void>();

  constructor(options: ResolvedMailboxOptions, reader: Reader) {
    this.#options = options;
    this.#reader = reader;
  }

  get shown(): readonly ShownInstance[] {
    return this.#shown;
  }

  open(given: unknown, name: string, log: Log): MailInstance {
    const { instances, deliver, maxMessages, maxBytes } = this.#options;
    if (instances !== undefined && !instances.includes(name)) {
      return openInstance(resolveOptions(given), name, log);
    }
    const options = resolveOptions(deliver ? given : heldBack(given));
    const store = new CaptureStore({ maxMessages, maxBytes });
    const settings = { store, keepsSent: true };
    const instance = openInstance(options, name, log, settings);
    const sends = options.mode === 'smtp';
    store.listen((news) => this.#onNews(news, name, sends));
    this.#shown.push({ name, instance, store });
    return instance;
  }

  /** How many messages there are. */
  get size(): number {
    return this.#shown.reduce((sum, { store }) => sum + store.size, 0);
  }

  /** The messages that match, newest first. */
  async find(query: Query): Promise<Entry[]> {
    const entries = this.#all();
    const matches = await Promise.all(
      entries.map((entry) => entry.matches(query)),
    );
    return entries.filter((_, n) => matches[n]);
  }

  entry(id: string): Entry | undefined {
    return this.#all().find((entry) => entry.id === id);
  }

  /** Forgets every message; what is under way goes on. */
  clear(): void {
    for (const { store } of this.#shown) store.clear(() => true);
  }

  /** Lets nobody wait any longer for what may come. */
  close(): void {
    this.#closed = true;
    this.#tell({ kind: 'all' });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Calls at every change, until what is returned is called. */
  listen(listener: (news: MailboxNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #all(): Entry[] {
    return this.#shown
      .flatMap(({ store }) => store.sent())
      .flatMap((mail) => this.#entries.get(mail) ?? [])
      .toSorted((one, other) => other.number - one.number);
  }

  #onNews(news: CaptureNews, instance: string, sends: boolean): void {
    if (news.kind === 'cleared') return this.#tell({ kind: 'all' });
    const { mail } = news;
    if (news.kind === 'kept') {
      const number = (this.#count += 1);
      const origin = { number, instance, sends, reader: this.#reader };
      this.#entries.set(mail, new Entry(mail, origin));
    }
    const entry = this.#entries.get(mail);
    if (entry === undefined) return;
    if (news.kind === 'ended') entry.end(news.ending);
    this.#tell({ kind: 'changed', entry });
  }

  #tell(news: MailboxNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}

/** The same options, with which nothing leaves and no key is needed. */
function heldBack(given: unknown): unknown {
  return isRecord(given) ? { ...given, mode: 'capture' } : given;
}
