import type { SendGridSmtpRateLimitOptions } from '../../options/rate-limit.options.js';

/** What all workers of a fleet together may use. */
export interface FleetLimits {
  /** Connections that are open at once, those being set up included. */
  readonly maxConnections: number;

  /** Messages that leave within any stretch of time of some length. */
  readonly rateLimit?: SendGridSmtpRateLimitOptions | undefined;
}
