import type { Log } from '../../options/log.js';
import { redactSecrets } from '../../options/redact.js';

/** Not more often than this does one place complain, in milliseconds. */
const PAUSE_MS = 60_000;
const MAX_CHARS = 1000;

/** Warns of what fails again and again, and says how often it did. */
export class Complaints {
  readonly #log: Log;
  readonly #latest = new Map<string, { at: number; unsaid: number }>();

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Warns that something failed, at most once a minute for each place.
   *
   * @param where - one of a few texts: it is kept
   */
  failed(where: string, error: unknown): void {
    const now = performance.now();
    const latest = this.#latest.get(where);
    if (latest !== undefined && now - latest.at < PAUSE_MS) {
      latest.unsaid += 1;
      return;
    }
    const unsaid = latest?.unsaid ?? 0;
    const more = unsaid === 0 ? '' : ` (and ${unsaid} times before)`;
    this.#latest.set(where, { at: now, unsaid: 0 });
    this.#log.warn(`${where} failed: ${textOf(error)}${more}`);
  }
}

/** One line of it, however it was made. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.slice(0, MAX_CHARS).replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
  return redactSecrets(line);
}
