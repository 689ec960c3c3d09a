import { describe, expect, it } from 'vitest';

import { ageLeases } from '../../../../lib/outbox/fleet/age-leases.js';
import {
  newRecord,
  type FleetRecord,
  type Lease,
} from '../../../../lib/outbox/fleet/fleet-record.js';

const LIMITS = {
  maxConnections: 12,
  rateLimit: { messages: 100, perMs: 60_000 },
};

const LEASE: Lease = {
  beat: 7,
  age: 0,
  leaseMs: 15_000,
  left: false,
  wants: { connections: 4, messages: 20 },
  has: { connections: 4, messages: 20 },
  follows: 1,
};

function record(lease: Partial<Lease> = {}): FleetRecord {
  return { ...newRecord(LIMITS), leases: { a: { ...LEASE, ...lease } } };
}

function aged(now: FleetRecord, before: FleetRecord, ms: number) {
  return ageLeases(now, { record: before, ms }).leases['a'];
}

describe('the age of a lease', () => {
  it('grows by the time in which it was not renewed', () => {
    expect(aged(record(), record(), 400.7)?.age).toBe(400);
    expect(aged(record(), record({ age: 5000 }), 400)?.age).toBe(5400);
  });

  it('is what somebody else has seen, when that is more', () => {
    expect(aged(record({ age: 9000 }), record(), 400)?.age).toBe(9000);
  });

  it('starts anew with each renewal', () => {
    expect(aged(record(), record({ beat: 6, age: 9000 }), 400)?.age).toBe(0);
  });

  it('is not known to who sees the lease for the first time', () => {
    expect(ageLeases(record(), undefined).leases['a']).toEqual(LEASE);
    expect(aged(record(), newRecord(LIMITS), 20_000)?.age).toBe(0);
  });
});

describe('a lease that has ended', () => {
  it('returns its connections, and not yet what may have been sent', () => {
    expect(aged(record(), record(), 14_999)?.has.connections).toBe(4);
    expect(aged(record(), record(), 15_000)?.has).toEqual({
      connections: 0,
      messages: 20,
    });
  });

  it('returns all once the window after its end is over', () => {
    expect(aged(record(), record(), 74_999)).toBeDefined();
    expect(aged(record(), record(), 75_000)).toBeUndefined();
  });

  it('is forgotten at once when nothing was sent', () => {
    const idle = record({ has: { connections: 4, messages: 0 } });

    expect(aged(idle, idle, 15_000)).toBeUndefined();
  });

  it('keeps to its own length, whatever that of others is', () => {
    const long = record({ leaseMs: 60_000 });

    expect(aged(long, long, 59_000)?.has.connections).toBe(4);
  });

  it('is at its end when its worker has left', () => {
    const left = record({ left: true });

    expect(aged(left, left, 1)?.has).toEqual({ connections: 0, messages: 20 });
    expect(aged(left, left, 75_000)).toBeUndefined();
  });
});
