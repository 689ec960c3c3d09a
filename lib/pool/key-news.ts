import type { Telling } from '../events/telling.js';
import type { KeyListener } from '../options/key-source.js';
import type { NoKeyError } from '../options/no-key-error.js';

/** Tells what becomes of the key: once for each change and each streak of failures. */
export class KeyNews implements KeyListener {
  readonly #telling: Telling;

  constructor(telling: Telling) {
    this.#telling = telling;
  }

  changed(current: string, previous: string): void {
    const { log, events } = this.#telling;
    log.info(
      `New connections use the API key ${current} (SHA-256) instead of ${previous}.`,
    );
    if (!events.listening) return;
    const outcome = 'changed';
    events.emit({ type: 'key-changed', outcome, keyFingerprint: current });
  }

  failed(error: NoKeyError, streak: number, kept: string | undefined): void {
    if (streak > 1) return;
    const { log, events } = this.#telling;
    const meanwhile =
      kept === undefined
        ? 'nothing can be sent until there is one'
        : `the last good one, ${kept} (SHA-256), stays in use`;
    log.warn(`No new API key; ${meanwhile}. ${error.message}.`);
    if (!events.listening) return;
    const reason = error.message;
    events.emit({
      type: 'key-changed',
      outcome: 'failed',
      keyFingerprint: kept,
      reason,
    });
  }
}
