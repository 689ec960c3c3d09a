import { describe, expect, it } from 'vitest';

import { simulate, type Scenario } from '../../../bench/simulation/simulate.js';

const ONE: Scenario = {
  loads: [{ lane: 'normal', perSecond: 8 }],
  connections: 1,
  roundTrip: 0,
  accept: 0.1,
  cap: Infinity,
  setUp: 0,
  end: 25_000,
  countFrom: 0,
  seed: 1,
};

describe('the simulation of a fleet', () => {
  it('waits as theory says for one connection (M/M/1)', () => {
    const { normal } = simulate(ONE).waits;

    // Load 0.8: 0.8 / (1 - 0.8) holds of 0.1 s.
    expect(normal.messages).toBeGreaterThan(190_000);
    expect(normal.mean / 0.4).toBeCloseTo(1, 1);
  });

  it('waits half of that when every message takes the same (M/D/1)', () => {
    const { normal } = simulate({ ...ONE, roundTrip: 0.1, accept: 0 }).waits;

    expect(normal.mean / 0.2).toBeCloseTo(1, 1);
  });

  it('waits as theory says for ten connections (M/M/c)', () => {
    const loads = [{ lane: 'normal', perSecond: 80 }] as const;

    const { normal } = simulate({
      ...ONE,
      loads,
      connections: 10,
      end: 5000,
    }).waits;

    // Erlang's C for 10 servers and 8 erlang is 0.4092; mean is C / (100 - 80).
    expect(normal.mean / 0.02046).toBeCloseTo(1, 1);
  });

  it('lets the urgent overtake, and starves nobody', () => {
    const { waits } = simulate({
      ...ONE,
      loads: [
        { lane: 'urgent', perSecond: 1 },
        { lane: 'normal', perSecond: 1 },
        { lane: 'bulk', atOnce: 500, at: 10 },
      ],
      end: 30,
    });

    expect(waits.urgent.longest).toBeLessThan(2);
    expect(waits.normal.longest).toBeLessThan(3);
    expect(waits.bulk.messages).toBe(500);
    expect(waits.bulk.longest).toBeGreaterThan(40);
  });

  it('sends nothing during an outage, and catches up as arithmetic says', () => {
    const { mostWaiting, caughtUpAt } = simulate({
      ...ONE,
      loads: [{ lane: 'normal', perSecond: 500 }],
      connections: 100,
      outage: { from: 100, until: 160 },
      end: 400,
    });

    // 500 a second for a minute; 1,000 leave and 500 come each second after.
    expect(mostWaiting / 30_000).toBeCloseTo(1, 1);
    expect((caughtUpAt - 160) / 60).toBeCloseTo(1, 0);
  });

  it('replaces connections, which takes their time only', () => {
    const loads = [{ lane: 'normal', atOnce: 1000, at: 0 }] as const;
    const fixed = { ...ONE, loads, roundTrip: 0.1, accept: 0 };

    const without = simulate(fixed).waits.normal.longest;
    const replaced = simulate({ ...fixed, cap: 10, setUp: 1 }).waits.normal;

    expect(without).toBeCloseTo(99.9);
    expect(replaced.longest - without).toBeGreaterThanOrEqual(98.9);
    expect(replaced.longest - without).toBeLessThanOrEqual(100.1);
  });

  it('is the same for the same seed, and another for another', () => {
    const short = { ...ONE, end: 100 };

    expect(simulate(short)).toEqual(simulate(short));
    expect(simulate(short)).not.toEqual(simulate({ ...short, seed: 2 }));
  });
});
