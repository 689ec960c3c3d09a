import type {
  ResolvedPoolOptions,
  ResolvedQueueOptions,
} from '../../../../lib/options/resolved-options.js';
import { DEFAULTS } from '../../../../lib/options/defaults.js';

/** The queue's bounds, the defaults but for those given. */
export function queueBounds(
  overrides: Partial<ResolvedQueueOptions> = {},
): ResolvedQueueOptions {
  return { ...DEFAULTS.queue, ...overrides };
}

/** The pool's bounds, the defaults but for those given. */
export function poolBounds(
  overrides: Partial<ResolvedPoolOptions> = {},
): ResolvedPoolOptions {
  return { ...DEFAULTS.pool, ...overrides };
}
