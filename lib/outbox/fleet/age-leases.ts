import type { Claim } from './entitlement.js';
import type { Amounts, FleetRecord, Lease } from './fleet-record.js';

/** A record as somebody saw it, `ms` ago. */
export interface Sighting {
  readonly record: FleetRecord;
  readonly ms: number;
}

/**
 * Adds to the age of the leases that were not renewed between an earlier
 * sighting and now, and ends those that are too old: first their connections,
 * and what they may have sent only once it has left every window.
 *
 * No clock is compared with another: each worker measures how long it sees a
 * lease unchanged, and the others go on from there.
 */
export function ageLeases(
  { control, leases }: FleetRecord,
  before: Sighting | undefined,
): FleetRecord {
  const perMs = control.limits.rateLimit?.perMs ?? 0;
  const kept = Object.entries(leases).flatMap(([id, lease]) => {
    const older = aged(lease, before?.record.leases[id], before?.ms ?? 0);
    const rest = ended(older);
    const isOver = rest.age >= rest.leaseMs + perMs;
    const isEmpty = !isLive(rest) && rest.has.messages === 0;
    return isOver || isEmpty ? [] : [[id, rest] as const];
  });
  return { control, leases: Object.fromEntries(kept) };
}

/** Whether its worker may be at work. */
export function isLive({ left, age, leaseMs }: Lease): boolean {
  return !left && age < leaseMs;
}

/** Who has and wants how much of one of the two. */
export function claimsOf(
  leases: FleetRecord['leases'],
  what: keyof Amounts,
): Claim[] {
  return Object.entries(leases).map(([id, lease]) => ({
    id,
    has: lease.has[what],
    wants: lease.wants[what],
    live: isLive(lease),
  }));
}

function aged(lease: Lease, before: Lease | undefined, ms: number): Lease {
  if (before?.beat !== lease.beat) return lease;
  return { ...lease, age: Math.max(lease.age, Math.floor(before.age + ms)) };
}

function ended(lease: Lease): Lease {
  if (isLive(lease)) return lease;
  return { ...lease, has: { ...lease.has, connections: 0 } };
}
