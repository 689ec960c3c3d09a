/** How long to wait. */
export interface WaitOptions {
  /**
   * Milliseconds until the wait is given up.
   *
   * @defaultValue 5000
   */
  readonly timeoutMs?: number;
}

export const DEFAULT_TIMEOUT_MS = 5000;
