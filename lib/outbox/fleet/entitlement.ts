import { fairShares } from './fair-shares.js';

/** What one worker has of one thing that is limited, and wants. */
export interface Claim {
  readonly id: string;
  readonly has: number;
  readonly wants: number;

  /** Whether it may get more: a worker that is gone only has. */
  readonly live: boolean;
}

/** What is to be divided, for one of those who claim it. */
export interface Supply {
  /** The sum that all may have together. */
  readonly limit: number;

  /** How much of what nobody wants each may have in advance. */
  readonly spare: number;

  /** How much this one makes use of at present. */
  readonly uses: number;
}

/** What a worker is entitled to now, and whether that is all it is due. */
export interface Entitlement {
  readonly share: number;
  readonly settled: boolean;
}

/**
 * What the worker `id` may have from now on, given what all have now. The sum
 * over all never exceeds the limit if each takes its turn: one gets more only
 * of what nobody has.
 */
export function entitlement(
  id: string,
  claims: readonly Claim[],
  { limit, spare, uses }: Supply,
): Entitlement {
  const live = claims
    .filter((claim) => claim.live)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const gone = claims.filter((claim) => !claim.live);
  const supply = Math.max(0, limit - sum(gone.map(({ has }) => has)));
  const fair = fairShares(
    live.map(({ wants }) => wants),
    supply,
  );
  const missing = live.map(({ has }, nth) => Math.max(0, at(fair, nth) - has));
  const free = limit - sum(claims.map(({ has }) => has));
  const own = live.findIndex((claim) => claim.id === id);
  const has = live[own]?.has ?? 0;
  // What is beyond the wants waits until these are met.
  const scarce = sum(missing) > free;
  const unwanted = Math.floor((supply - sum(fair)) / Math.max(1, live.length));
  const due = at(fair, own) + Math.min(spare, unwanted);
  if (has > due) {
    // Nobody needs it yet: only what lies idle is let go of.
    const kept = scarce ? due : Math.max(due, Math.min(has, uses));
    return { share: kept, settled: true };
  }
  const most = scarce ? Math.max(has, at(fair, own)) : due;
  const share = has + Math.max(0, Math.min(most - has, free));
  return { share, settled: share >= at(fair, own) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
