import type { Carrier } from '../delivery/carrier.js';
import { shutDown } from '../delivery/verdict-errors.js';
import type { DrainReport } from '../options/drain-report.js';
import { LONGEST_TIMER_MS } from '../options/rules.js';
import type { MailLine } from './mail-line.js';
import { sumReports } from './sum-reports.js';
import { TenantOrders } from './tenant-orders.js';

/** What {@link TenantLines} work with. */
export interface TenantLinesSettings {
  /** How many are kept while nothing of them is under way. */
  readonly max: number;

  /**
   * Makes a tenant's line, which calls `onIdle` whenever nothing of it is
   * under way any more.
   *
   * @throws InvalidOptionsError naming the tenant
   */
  readonly make: (id: string, onIdle: () => void) => MailLine;

  /** More than `max` have mail under way. */
  readonly crowded: () => void;
}

interface Leaving {
  readonly id: string;
  readonly line: MailLine;
  readonly report: Promise<DrainReport>;
}

/** The lines of an instance's tenants, made on first use. */
export class TenantLines {
  readonly #settings: TenantLinesSettings;
  readonly #orders = new TenantOrders();
  /** Those used least recently come first. */
  readonly #lines = new Map<string, MailLine>();
  /** Being drained; a tenant may have another line by now. */
  readonly #leaving = new Set<Leaving>();
  /** When the time of the shutdown is over, on the monotonic clock. */
  #deadline: number | undefined;
  #closed = false;

  constructor(settings: TenantLinesSettings) {
    this.#settings = settings;
  }

  get orders(): TenantOrders {
    return this.#orders;
  }

  /** The carriers of all tenants, with their ids. */
  get carriers(): [string, Carrier][] {
    return [
      ...[...this.#leaving].map((one) => [one.id, one.line] as const),
      ...this.#lines,
    ].map(([id, { carrier }]) => [id, carrier]);
  }

  /** A tenant's line, if it has one. */
  get(id: string): MailLine | undefined {
    return this.#lines.get(id);
  }

  /**
   * A tenant's line, made if it has none; it is now the latest used.
   *
   * @throws InvalidOptionsError, MailError `SHUT_DOWN`
   */
  open(id: string): MailLine {
    const existing = this.#lines.get(id);
    if (existing === undefined) return this.#make(id);
    this.#lines.delete(id);
    this.#lines.set(id, existing);
    return existing;
  }

  /** Drains what a tenant has; its next send makes a new line. */
  async drain(id: string, timeoutMs: number): Promise<DrainReport> {
    const line = this.#lines.get(id);
    if (line !== undefined) this.#retire(id, line, timeoutMs);
    const all = [...this.#leaving].filter((one) => one.id === id);
    return sumReports(await Promise.all(all.map(({ report }) => report)));
  }

  /** Starts the clock of the shutdown for all, also for those made later. */
  beginShutdown(timeoutMs: number): void {
    if (this.#deadline !== undefined) return;
    this.#deadline = performance.now() + timeoutMs;
    for (const [, carrier] of this.carriers) carrier.beginShutdown(timeoutMs);
  }

  /** Drains every tenant within the time of the shutdown; makes no more lines. */
  async drainAll(timeoutMs: number): Promise<DrainReport> {
    this.beginShutdown(timeoutMs);
    this.#closed = true;
    for (const [id, line] of this.#lines) this.#retire(id, line, timeoutMs);
    const all = [...this.#leaving];
    return sumReports(await Promise.all(all.map(({ report }) => report)));
  }

  #make(id: string): MailLine {
    if (this.#closed) throw shutDown();
    const line = this.#settings.make(id, this.#onIdle);
    this.#lines.set(id, line);
    this.#orders.applyAll(id, line.carrier);
    if (this.#deadline !== undefined) {
      const left = Math.max(0, this.#deadline - performance.now());
      line.carrier.beginShutdown(left);
    }
    this.#trim(line);
    return line;
  }

  readonly #onIdle = (): void => {
    // Not in the middle of a message's end; it may not be idle by then.
    if (this.#lines.size > this.#settings.max) queueMicrotask(this.#trimAny);
  };

  readonly #trimAny = (): void => this.#trim(undefined);

  /** Closes those used least recently that have nothing under way, but for the newest. */
  #trim(newest: MailLine | undefined): void {
    const { max, crowded } = this.#settings;
    // In a shutdown all of them are closed, and reported, together.
    if (this.#deadline !== undefined) return;
    for (const [id, line] of this.#lines) {
      if (this.#lines.size <= max) return;
      if (line === newest || !line.carrier.idle) continue;
      this.#retire(id, line, LONGEST_TIMER_MS);
    }
    if (this.#lines.size > max) crowded();
  }

  #retire(id: string, line: MailLine, timeoutMs: number): void {
    this.#lines.delete(id);
    const report = line.carrier.drain(timeoutMs);
    const leaving = { id, line, report };
    this.#leaving.add(leaving);
    void report.then(() => this.#leaving.delete(leaving));
  }
}
