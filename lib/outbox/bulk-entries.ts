import type { AdmittedEntry } from './admit-entry.js';

/** Bounds of one command to the store. */
const MOST = { entries: 500, bytes: 4_194_304 };

/** Gathers messages for commands of bounded size. */
export class BulkEntries {
  #entries: AdmittedEntry[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Whether the next message is another command's. */
  get isFull(): boolean {
    return this.#entries.length >= MOST.entries || this.#bytes >= MOST.bytes;
  }

  push(entry: AdmittedEntry): void {
    this.#entries.push(entry);
    const { data } = entry.stored;
    if ('body' in data) this.#bytes += data.body.length;
    if ('sealed' in data) this.#bytes += data.sealed.length;
  }

  /** Hands them over, and begins anew. */
  take(): AdmittedEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#bytes = 0;
    return entries;
  }
}
