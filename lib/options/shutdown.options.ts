import { DEFAULTS } from './defaults.js';
import type { DrainReport } from './drain-report.js';
import { OptionGroup } from './option-group.js';
import type { ResolvedShutdown } from './resolved-options.js';
import { Callable, Milliseconds } from './rules.js';

/** What happens when the application closes. */
export interface SendGridSmtpShutdownOptions {
  /**
   * Milliseconds that pending messages have to settle; 0 gives them none.
   *
   * @defaultValue 10000
   */
  readonly timeoutMs?: number | undefined;

  /**
   * Called once with how the pending messages ended, and waited for: the place
   * to keep those that were not sent.
   */
  readonly onReport?:
    ((report: DrainReport) => void | Promise<void>) | undefined;
}

/** Validates {@link SendGridSmtpShutdownOptions}. */
export class ShutdownOptions extends OptionGroup implements ResolvedShutdown {
  @Milliseconds(0)
  readonly timeoutMs = DEFAULTS.shutdownTimeoutMs;

  @Callable()
  readonly onReport:
    ((report: DrainReport) => void | Promise<void>) | undefined = undefined;
}
