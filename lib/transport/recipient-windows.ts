import { forgetOldest } from '../options/forget-oldest.js';
import type { ResolvedGuard } from '../options/resolved-options.js';
import { GuardWindow } from './guard-window.js';

/** How many recipients are remembered. */
const KEPT = 10_000;

/** A window for each of the recipients that were asked for last. */
export class RecipientWindows {
  readonly #limit: ResolvedGuard;
  /** In the order in which they were asked for. */
  readonly #windows = new Map<string, GuardWindow>();

  constructor(limit: ResolvedGuard) {
    this.#limit = limit;
  }

  /** The window of a recipient; `key` is its address in lower case. */
  of(key: string): GuardWindow {
    const window = this.#windows.get(key) ?? new GuardWindow(this.#limit);
    this.#windows.delete(key);
    this.#windows.set(key, window);
    forgetOldest(this.#windows, KEPT);
    return window;
  }
}
