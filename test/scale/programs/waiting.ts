import { setTimeout as sleep } from 'node:timers/promises';
import type { Deliveries } from '../../../lib/delivery/deliveries.js';

/** Waits until a condition holds; looks every 50 ms. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(50);
}

/** Waits until that many connections are set up and idle. */
export async function allIdle(
  deliveries: Deliveries,
  count: number,
): Promise<void> {
  await until(() => deliveries.stats().connections.idle === count);
}

/** How long something takes, on the clock and of the processor. */
export class Watch {
  readonly #startedAt = performance.now();
  readonly #cpu = process.cpuUsage();

  /** Milliseconds since it was made. */
  read(): { readonly ms: number; readonly cpuMs: number } {
    const { user, system } = process.cpuUsage(this.#cpu);
    const ms = performance.now() - this.#startedAt;
    return { ms, cpuMs: (user + system) / 1000 };
  }
}

/** The middle one of some values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
