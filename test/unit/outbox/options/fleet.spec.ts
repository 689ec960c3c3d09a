import { describe, expect, it } from 'vitest';

import { InvalidOptionsError } from '../../../../lib/errors/invalid-options.error.js';
import { resolveOutboxOptions } from '../../../../lib/outbox/options/resolve-outbox-options.js';

const VALID = { connection: 'redis://127.0.0.1', environment: 'test' };

function fleetOf(fleet: unknown): unknown {
  return resolveOutboxOptions({ ...VALID, fleet }).fleet;
}

function problemsOf(fleet: unknown): Record<string, string> {
  try {
    fleetOf(fleet);
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    return Object.fromEntries(
      error.problems.map(({ option, problem }) => [option, problem]),
    );
  }
  return {};
}

describe('the option fleet', () => {
  it('is off by default', () => {
    expect(fleetOf(undefined)).toBeUndefined();
  });

  it('has a lease of 15 seconds and no rate by default', () => {
    expect(fleetOf({ maxConnections: 40 })).toEqual({
      limits: { maxConnections: 40, rateLimit: undefined },
      leaseMs: 15_000,
    });
  });

  it('takes a rate and a lease', () => {
    const rateLimit = { messages: 600, perMs: 1000 };

    expect(fleetOf({ maxConnections: 40, rateLimit, leaseMs: 30_000 })).toEqual(
      { limits: { maxConnections: 40, rateLimit }, leaseMs: 30_000 },
    );
  });

  it('requires the connections', () => {
    expect(problemsOf({ leaseMs: 30_000 })).toEqual({
      'fleet.maxConnections':
        'is required: it is what the workers of a fleet share',
    });
  });

  it('refuses limits that are none, all at once', () => {
    const problems = problemsOf({
      maxConnections: 0,
      rateLimit: { messages: 10 },
      leaseMs: 2999,
      shares: 4,
    });

    expect(Object.keys(problems).toSorted()).toEqual([
      'fleet.leaseMs',
      'fleet.maxConnections',
      'fleet.rateLimit.perMs',
      'fleet.shares',
    ]);
    expect(problems['fleet.leaseMs']).toContain('from 3000 to 600000');
  });
});
