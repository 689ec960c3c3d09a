import type { MailStats } from '../delivery/stats.js';

const NO_LANE = { messages: 0, bytes: 0, oldestMs: 0 };

/** The snapshot of what has no connections and nothing under way. */
export function idleStats(paused: string | undefined): MailStats {
  return {
    connections: { open: 0, connecting: 0, busy: 0, idle: 0 },
    queue: {
      messages: 0,
      bytes: 0,
      byLane: { urgent: NO_LANE, normal: NO_LANE, bulk: NO_LANE },
    },
    totals: {
      submitted: 0,
      accepted: 0,
      rejected: 0,
      unknown: 0,
      notSent: 0,
      pending: 0,
    },
    account: 'ok',
    ...(paused === undefined ? {} : { paused }),
    pausedSenders: 0,
    pipelining: 'lockstep',
    groupedAuth: false,
  };
}
