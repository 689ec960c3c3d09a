import type { Carrier } from '../delivery/carrier.js';
import { NamedMails } from '../delivery/named-mails.js';
import type { MailStats } from '../delivery/stats.js';
import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import { MailError } from '../errors/mail-error.js';
import { tellingOfTenant, type Telling } from '../events/telling.js';
import type { DrainReport, UnsentMail } from '../options/drain-report.js';
import type {
  ResolvedOptions,
  ResolvedRateLimit,
} from '../options/resolved-options.js';
import type { NamedMail } from '../options/unknown-send-store.js';
import { tenantIdProblem } from '../options/tenant-id.js';
import type { Lane } from '../pool/lane.js';
import type { MailLine } from './mail-line.js';
import type { Outlet } from './outlet.js';
import { tellPause, tellResume } from './pause-news.js';
import { Runs, type Run } from './runs.js';
import type { SendTracer } from './send-tracer.js';
import { sumReports } from './sum-reports.js';
import type { TenantLines } from './tenant-lines.js';
import { TenantOutlet } from './tenant-outlet.js';

/** An instance as a whole: its own line, and those of its tenants, if it has any. */
export class MailInstance implements Outlet {
  readonly #line: MailLine;
  readonly #telling: Telling;
  readonly #tenants: TenantLines | undefined;
  readonly #runs: Runs;
  #drained: Promise<DrainReport> | undefined;
  readonly tenant = undefined;

  constructor(
    line: MailLine,
    tenants?: TenantLines,
    telling: Telling = line.telling,
    runs = new Runs(),
  ) {
    this.#line = line;
    this.#telling = telling;
    this.#tenants = tenants;
    this.#runs = runs;
  }

  get options(): ResolvedOptions {
    return this.#line.options;
  }

  get telling(): Telling {
    return this.#telling;
  }

  get tracer(): SendTracer | undefined {
    return this.#line.tracer;
  }

  set tracer(tracer: SendTracer | undefined) {
    this.#line.tracer = tracer;
  }

  open(): MailLine {
    return this.#line;
  }

  ofTenant(id: string): Outlet {
    if (this.#tenants === undefined) throw noTenants();
    const problem = tenantIdProblem(id);
    if (problem !== undefined) {
      throw new MailError(
        'INVALID_MESSAGE',
        `The id given to \`forTenant\` ${problem}.`,
      );
    }
    const telling = tellingOfTenant(this.#telling, id);
    const { timeoutMs } = this.options.shutdown;
    const runs = this.#runs;
    return new TenantOutlet(id, this.#tenants, this, runs, telling, timeoutMs);
  }

  /** What carries its own mail, and that of each tenant, with their ids. */
  get carriers(): readonly (readonly [string | undefined, Carrier])[] {
    return [
      [undefined, this.#line.carrier],
      ...(this.#tenants?.carriers ?? []),
    ];
  }

  enter(run: Run): (() => void) | undefined {
    return this.#runs.enter(run, undefined);
  }

  stats(): MailStats {
    return this.#line.carrier.stats();
  }

  /** Pauses its tenants too, also those that come later. */
  pause(reason: string): void {
    tellPause(this.#telling, reason, this.stats().paused);
    this.#line.carrier.pause(reason);
    this.#tenants?.orders.pauseAll(reason);
    this.#applyPause();
  }

  resume(): void {
    tellResume(this.#telling, this.stats().paused);
    this.#line.carrier.resume();
    this.#tenants?.orders.resumeAll();
    this.#applyPause();
  }

  /** Purges its tenants too. */
  purge(
    lane: Lane | undefined,
    where: (mail: UnsentMail) => boolean,
    reason?: MailError,
  ): UnsentMail[] {
    return this.carriers.flatMap(([, carrier]) =>
      carrier.purge(lane, where, reason),
    );
  }

  /** Whether there may be any send that {@link MailInstance.reconcile} settles. */
  get expecting(): boolean {
    const { unknowns } = this.#line;
    return unknowns.any || this.carriers.some(([, carrier]) => !carrier.idle);
  }

  /**
   * Settles the sends of unknown outcome that are named, its tenants' too, as
   * accepted. Resolves with how many that were.
   */
  async reconcile(named: readonly NamedMail[]): Promise<number> {
    const mails = new NamedMails(named);
    const settled = this.carriers.reduce(
      (sum, [, carrier]) => sum + carrier.confirm(mails),
      0,
    );
    return settled + (await this.#line.unknowns.settle(named));
  }

  /** Of its own mail only. */
  setRateLimit(limit: ResolvedRateLimit | undefined): void {
    this.#line.carrier.setRateLimit(limit);
  }

  /**
   * Stops all runs and starts the clock of the shutdown, of its tenants too;
   * sends are still taken.
   */
  beginShutdown(timeoutMs: number): void {
    this.#runs.close();
    this.#line.carrier.beginShutdown(timeoutMs);
    this.#tenants?.beginShutdown(timeoutMs);
  }

  /** Drains its tenants too; one report tells of all. */
  async drain(
    timeoutMs: number = this.options.shutdown.timeoutMs,
  ): Promise<DrainReport> {
    this.#drained ??= this.#drain(timeoutMs);
    return this.#drained;
  }

  async #drain(timeoutMs: number): Promise<DrainReport> {
    this.#runs.close();
    const own = this.#line.carrier.drain(timeoutMs);
    if (this.#tenants === undefined) return own;
    const report = sumReports(
      await Promise.all([own, this.#tenants.drainAll(timeoutMs)]),
    );
    this.#telling.events.close(report);
    return report;
  }

  #applyPause(): void {
    for (const [id, carrier] of this.#tenants?.carriers ?? []) {
      this.#tenants?.orders.applyPause(id, carrier);
    }
  }
}

function noTenants(): InvalidOptionsError {
  return new InvalidOptionsError([
    {
      option: 'tenants',
      problem:
        "is not set, and `forTenant` was called: give a function that returns what is a tenant's own, such as `tenants: (id) => ({ apiKey: keys[id] })`",
    },
  ]);
}
