import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ModelFleet } from './support/model-fleet.js';

const LEASE_MS = 15_000;

const settings = fc.record({
  seed: fc.integer({ min: 0 }),
  leaseMs: fc.constant(LEASE_MS),
  limits: fc.record({
    maxConnections: fc.integer({ min: 1, max: 40 }),
    rateLimit: fc.record({
      messages: fc.integer({ min: 1, max: 60 }),
      perMs: fc.constantFrom(1000, 5000, 40_000),
    }),
  }),
});

describe('a fleet', () => {
  it(
    'never exceeds its limits, whatever befalls workers and store, and uses all of them once they are well',
    { timeout: 120_000 },
    () => {
      fc.assert(
        fc.property(
          settings,
          fc.integer({ min: 1, max: 6 }),
          fc.array(fc.double({ min: 0, max: 0.5, noNaN: true }), {
            minLength: 20,
            maxLength: 60,
          }),
          (setting, workers, pauses) => {
            const fleet = new ModelFleet(setting);
            for (let n = 0; n < workers; n += 1) fleet.add();
            for (const leases of pauses) {
              fleet.disturb();
              fleet.pass(leases);
              expect(fleet.wrongs).toEqual([]);
            }
            const { perMs } = setting.limits.rateLimit;
            fleet.calm();
            fleet.pass(5 + (2 * perMs) / LEASE_MS);
            expect(fleet.wrongs).toEqual([]);

            const connections = fleet.living.map(
              ({ share }) => share.connections,
            );
            const rates = fleet.living.map(
              ({ share }) => share.rate?.messages ?? 0,
            );
            expect(sum(connections)).toBe(setting.limits.maxConnections);
            expect(sum(rates)).toBe(setting.limits.rateLimit.messages);
            for (const shares of [connections, rates]) {
              expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(2);
            }
          },
        ),
        { numRuns: 100 },
      );
    },
  );
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
