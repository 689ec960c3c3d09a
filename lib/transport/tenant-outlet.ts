import type { MailStats } from '../delivery/stats.js';
import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import type { Telling } from '../events/telling.js';
import type { DrainReport, UnsentMail } from '../options/drain-report.js';
import type { ResolvedRateLimit } from '../options/resolved-options.js';
import { shownTenant } from '../options/tenant-id.js';
import type { Lane } from '../pool/lane.js';
import { idleStats } from './idle-stats.js';
import type { MailLine } from './mail-line.js';
import type { Outlet } from './outlet.js';
import { tellPause, tellResume } from './pause-news.js';
import type { Run, Runs } from './runs.js';
import type { SendTracer } from './send-tracer.js';
import type { TenantLines } from './tenant-lines.js';

/** What a tenant's mail goes out through: its line is made on first use. */
export class TenantOutlet implements Outlet {
  readonly #lines: TenantLines;
  readonly #instance: Pick<Outlet, 'tracer'>;
  readonly #runs: Runs;
  readonly #drainMs: number;
  readonly telling: Telling;
  readonly tenant: string;

  constructor(
    tenant: string,
    lines: TenantLines,
    instance: Pick<Outlet, 'tracer'>,
    runs: Runs,
    telling: Telling,
    drainMs: number,
  ) {
    this.tenant = tenant;
    this.telling = telling;
    this.#lines = lines;
    this.#instance = instance;
    this.#runs = runs;
    this.#drainMs = drainMs;
  }

  get tracer(): SendTracer | undefined {
    return this.#instance.tracer;
  }

  open(): MailLine {
    return this.#lines.open(this.tenant);
  }

  ofTenant(): never {
    throw new InvalidOptionsError([
      {
        option: 'forTenant',
        problem: `was called on the service of tenant '${shownTenant(this.tenant)}': call it on the instance's own`,
      },
    ]);
  }

  enter(run: Run): (() => void) | undefined {
    return this.#runs.enter(run, this.tenant);
  }

  stats(): MailStats {
    const line = this.#lines.get(this.tenant);
    if (line !== undefined) return line.carrier.stats();
    return idleStats(this.#lines.orders.pauseOf(this.tenant));
  }

  pause(reason: string): void {
    tellPause(this.telling, reason, this.stats().paused);
    this.#lines.orders.pause(this.tenant, reason);
    this.#applyPause();
  }

  resume(): void {
    tellResume(this.telling, this.stats().paused);
    this.#lines.orders.resume(this.tenant);
    this.#applyPause();
  }

  purge(
    lane: Lane | undefined,
    where: (mail: UnsentMail) => boolean,
  ): UnsentMail[] {
    const carriers = this.#lines.carriers.filter(([id]) => id === this.tenant);
    return carriers.flatMap(([, carrier]) => carrier.purge(lane, where));
  }

  setRateLimit(limit: ResolvedRateLimit | undefined): void {
    this.#lines.orders.limit(this.tenant, limit);
    this.#lines.get(this.tenant)?.carrier.setRateLimit(limit);
  }

  drain(timeoutMs: number = this.#drainMs): Promise<DrainReport> {
    this.#runs.closeOf(this.tenant);
    return this.#lines.drain(this.tenant, timeoutMs);
  }

  #applyPause(): void {
    for (const [id, carrier] of this.#lines.carriers) {
      if (id === this.tenant) this.#lines.orders.applyPause(id, carrier);
    }
  }
}
