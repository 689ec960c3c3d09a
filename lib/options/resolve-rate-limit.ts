import type { SendGridSmtpRateLimitOptions } from './rate-limit.options.js';
import { resolveOptions } from './resolve-options.js';
import type { ResolvedRateLimit } from './resolved-options.js';

/**
 * Validates a rate limit that is set at run time.
 *
 * @throws InvalidOptionsError
 */
export function resolveRateLimit(
  rateLimit: SendGridSmtpRateLimitOptions,
): ResolvedRateLimit | undefined {
  // The one mode that asks for nothing else.
  return resolveOptions({ mode: 'discard', rateLimit }).rateLimit;
}
