import type { KeyListener } from '../options/key-source.js';
import type { Log } from '../options/log.js';
import type { NoKeyError } from '../options/no-key-error.js';

/** Logs what becomes of the key: one line for each change and each streak of failures. */
export class KeyLog implements KeyListener {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  changed(current: string, previous: string): void {
    this.#log.info(
      `New connections use the API key ${current} (SHA-256) instead of ${previous}.`,
    );
  }

  failed(error: NoKeyError, streak: number, kept: string | undefined): void {
    if (streak > 1) return;
    const meanwhile =
      kept === undefined
        ? 'nothing can be sent until there is one'
        : `the last good one, ${kept} (SHA-256), stays in use`;
    this.#log.warn(`No new API key; ${meanwhile}. ${error.message}.`);
  }
}
