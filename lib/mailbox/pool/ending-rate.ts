import type { MailStats } from '../../delivery/stats.js';

const WINDOW_MS = 10_000;

interface Sample {
  readonly at: number;
  readonly ended: number;
}

/** How many messages end per second, by the totals as they are looked at. */
export class EndingRate {
  #samples: Sample[] = [];

  /** Notes the totals, and tells the rate since the oldest of the last ten seconds. */
  next({ submitted, pending }: MailStats['totals'], at: number): number {
    const ended = submitted - pending;
    const recent = this.#samples.filter((one) => at - one.at <= WINDOW_MS);
    this.#samples = [...recent, { at, ended }];
    const [first = { at, ended }] = recent;
    const seconds = (at - first.at) / 1000;
    // A tenant's totals begin anew with its pool.
    return seconds > 0 ? Math.max(0, ended - first.ended) / seconds : 0;
  }
}
