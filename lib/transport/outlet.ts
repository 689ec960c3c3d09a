import type { MailStats } from '../delivery/stats.js';
import type { Telling } from '../events/telling.js';
import type { DrainReport, UnsentMail } from '../options/drain-report.js';
import type { ResolvedRateLimit } from '../options/resolved-options.js';
import type { Lane } from '../pool/lane.js';
import type { MailLine } from './mail-line.js';
import type { Run } from './runs.js';
import type { SendTracer } from './send-tracer.js';

/** What a service sends through and controls: an instance, or one of its tenants. */
export interface Outlet {
  readonly telling: Telling;

  /** What every send runs inside of, if anything. */
  readonly tracer: SendTracer | undefined;

  /** The id of the tenant, if it is one's. */
  readonly tenant: string | undefined;

  /**
   * The line to send through, which a tenant's is made for if need be.
   *
   * @throws InvalidOptionsError naming the tenant, MailError `SHUT_DOWN`
   */
  open(): MailLine;

  /**
   * The outlet of a tenant.
   *
   * @throws InvalidOptionsError where there are none, MailError
   * `INVALID_MESSAGE` for an id that is none
   */
  ofTenant(id: string): Outlet;

  /**
   * Enters a run, which is told of the shutdown and of faults of the account.
   *
   * @returns what takes it out; `undefined` when the shutdown has begun
   */
  enter(run: Run): (() => void) | undefined;

  stats(): MailStats;
  pause(reason: string): void;
  resume(): void;
  purge(
    lane: Lane | undefined,
    where: (mail: UnsentMail) => boolean,
  ): UnsentMail[];
  setRateLimit(limit: ResolvedRateLimit | undefined): void;

  /** Without `timeoutMs`, within the time of the option `shutdown.timeoutMs`. */
  drain(timeoutMs: number | undefined): Promise<DrainReport>;
}
