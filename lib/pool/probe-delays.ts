/** What needs somebody's hand is tried again after 1, 5, 15 and then every 60 minutes. */
const DELAYS_MS = [60_000, 300_000, 900_000, 3_600_000];

/** How long to wait, after that many probes in vain, before the next one. */
export function probeDelayMs(failures: number): number {
  return DELAYS_MS[Math.min(failures, DELAYS_MS.length - 1)] ?? 3_600_000;
}
