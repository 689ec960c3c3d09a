import { Group } from '../../options/group.decorator.js';
import { Joint, JointGroup } from '../../options/joint-group.js';
import {
  RateLimitOptions,
  type SendGridSmtpRateLimitOptions,
} from '../../options/rate-limit.options.js';
import { Whole } from '../../options/rules.js';
import type { FleetLimits } from '../fleet/fleet-limits.js';

const REQUIRED = 'it is what the workers of a fleet share';

/**
 * What all workers of this queue share. The workers of one fleet are given the
 * same; those that start with others bring theirs into force for all.
 */
export interface MailOutboxFleetOptions {
  /**
   * Connections that all workers together hold at once: 1 to 1,000,000. One
   * worker holds no more than its mail instance's `pool.maxConnections`.
   */
  readonly maxConnections: number;

  /**
   * Messages that all workers together send within a stretch of time, in place
   * of the mail instance's `rateLimit`. None by default.
   */
  readonly rateLimit?: SendGridSmtpRateLimitOptions | undefined;

  /**
   * Milliseconds after which the share of a worker that has died returns to the
   * others: 3,000 to 600,000. Workers that live renew it.
   *
   * @defaultValue 15000
   */
  readonly leaseMs?: number | undefined;
}

/** {@link MailOutboxFleetOptions} with every default. */
export interface ResolvedFleetOptions {
  readonly limits: FleetLimits;
  readonly leaseMs: number;
}

/** Validates {@link MailOutboxFleetOptions}. */
export class FleetOptions extends JointGroup {
  @Whole(1, 1_000_000)
  @Joint(REQUIRED)
  readonly maxConnections: number | undefined = undefined;

  @Group()
  readonly rateLimit = new RateLimitOptions();

  @Whole(3000, 600_000, 'milliseconds')
  readonly leaseMs: number = 15_000;

  toFleet(): ResolvedFleetOptions | undefined {
    const { maxConnections, leaseMs } = this;
    if (maxConnections === undefined) return undefined;
    const limits = { maxConnections, rateLimit: this.rateLimit.toRateLimit() };
    return Object.freeze({ limits: Object.freeze(limits), leaseMs });
  }
}
