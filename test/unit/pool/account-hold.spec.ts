import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { AccountFault } from '../../../lib/pool/account-fault.js';
import { AccountHold, type Step } from '../../../lib/pool/account-hold.js';

const MINUTE = 60_000;
const FAULT: AccountFault = {
  kind: 'paused',
  reply: { code: 451, text: 'Maximum credits exceeded' },
  meaning: 'Used up.',
  advice: 'Buy more.',
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.advanceTimersByTime(1000);
});

afterEach(() => {
  vi.useRealTimers();
});

/** A hold that notes what it tells. */
class Noted {
  readonly told: string[] = [];
  readonly hold = new AccountHold({
    paused: (_, probeInMs) => this.told.push(`paused ${probeInMs / MINUTE}`),
    resumed: (pausedMs) => this.told.push(`resumed ${pausedMs / MINUTE}`),
    probeDue: () => this.told.push('probe'),
  });

  /** Something begins now, and is refused after a second. */
  refuse(step: Step = 'envelope'): void {
    vi.advanceTimersByTime(1);
    const startedAt = performance.now();
    vi.advanceTimersByTime(1000);
    this.hold.pause(FAULT, startedAt, step);
  }

  /** Minutes until the next probe. */
  minutesToProbe(): number {
    const before = this.told.length;
    for (let minutes = 0; ; minutes += 1) {
      if (this.told.length > before) return minutes;
      vi.advanceTimersByTime(MINUTE);
    }
  }
}

describe('an account that is in order', () => {
  it('holds nothing', () => {
    const { hold, told } = new Noted();
    hold.probes();
    hold.passed(performance.now(), 'body');

    expect(hold.room).toBe(Infinity);
    expect(hold.heldMs).toBe(0);
    expect(hold.fault).toBeUndefined();
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an account that may not send', () => {
  it('holds everything back, and is told once', () => {
    const noted = new Noted();
    noted.refuse();
    noted.refuse();

    expect(noted.hold.room).toBe(0);
    expect(noted.hold.fault).toBe(FAULT);
    expect(noted.told).toEqual(['paused 1']);
  });

  it('is probed after 1, 5, 15, then every 60 minutes', () => {
    const noted = new Noted();
    const pauses = Array.from({ length: 7 }, () => {
      noted.refuse();
      return noted.minutesToProbe();
    });

    expect(pauses).toEqual([1, 5, 15, 60, 60, 60, 60]);
    expect(noted.told.filter((what) => what !== 'probe')).toHaveLength(1);
  });

  it('lets one probe leave at a time', () => {
    const noted = new Noted();
    noted.refuse();
    vi.advanceTimersByTime(MINUTE);
    expect(noted.hold.room).toBe(1);
    noted.hold.probes();
    expect(noted.hold.room).toBe(0);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('lets another leave, as late again, when nothing is heard of one', () => {
    const noted = new Noted();
    noted.refuse();
    noted.minutesToProbe();
    noted.refuse();
    noted.minutesToProbe();
    noted.hold.probes();

    expect(noted.minutesToProbe()).toBe(5);
    expect(noted.hold.room).toBe(1);
  });

  it('learns nothing from what was under way when it was found', () => {
    const noted = new Noted();
    const startedAt = performance.now();
    noted.refuse();
    vi.advanceTimersByTime(30_000);
    noted.hold.pause(FAULT, startedAt, 'auth');
    noted.hold.passed(startedAt, 'body');
    expect(noted.hold.atLogIn).toBe(false);
    expect(noted.hold.fault).toBe(FAULT);
    vi.advanceTimersByTime(30_000);

    expect(noted.told).toEqual(['paused 1', 'probe']);
  });

  it('learns nothing from what was under way when a probe failed', () => {
    const noted = new Noted();
    noted.refuse();
    noted.minutesToProbe();
    const startedAt = performance.now();
    noted.refuse();
    noted.hold.passed(startedAt, 'body');

    expect(noted.hold.fault).toBe(FAULT);
  });

  it('measures how long it holds', () => {
    const noted = new Noted();
    noted.refuse();
    vi.advanceTimersByTime(MINUTE);
    noted.refuse();
    vi.advanceTimersByTime(MINUTE);

    expect(noted.hold.heldMs).toBe(2 * MINUTE + 1001);
  });
});

describe('an account that may send again', () => {
  it('is free, is told so, and counts anew', () => {
    const noted = new Noted();
    noted.refuse();
    noted.minutesToProbe();
    noted.refuse();
    vi.advanceTimersByTime(5 * MINUTE - 1001);
    noted.hold.passed(performance.now(), 'envelope');
    expect(noted.told.at(-1)).toBe('resumed 6');
    expect(noted.hold.room).toBe(Infinity);
    expect(vi.getTimerCount()).toBe(0);
    noted.refuse();

    expect(noted.told.at(-1)).toBe('paused 1');
    expect(noted.minutesToProbe()).toBe(1);
  });

  it.each<[Step, Step, boolean]>([
    ['auth', 'auth', true],
    ['auth', 'envelope', true],
    ['auth', 'body', true],
    ['envelope', 'auth', false],
    ['envelope', 'envelope', true],
    ['envelope', 'body', true],
    ['body', 'auth', false],
    ['body', 'envelope', false],
    ['body', 'body', true],
  ])('after a fault at %s is known by a pass of %s: %s', (...given) => {
    const [fault, passed, known] = given;
    const noted = new Noted();
    noted.refuse(fault);
    noted.minutesToProbe();
    noted.hold.passed(performance.now(), passed);

    expect(noted.hold.fault === undefined).toBe(known);
  });

  it('is asked by the next message when one ended too early to tell', () => {
    const noted = new Noted();
    noted.refuse('body');
    noted.minutesToProbe();
    const startedAt = performance.now();
    noted.hold.probes();
    expect(noted.hold.room).toBe(0);
    noted.hold.passed(startedAt, 'envelope');

    expect(noted.hold.room).toBe(1);
    expect(noted.told).toEqual(['paused 1', 'probe', 'probe']);
  });

  it('is asked by a log-in only where that was refused last', () => {
    const noted = new Noted();
    noted.refuse('auth');
    expect(noted.hold.atLogIn).toBe(true);
    noted.minutesToProbe();
    noted.refuse('envelope');

    expect(noted.hold.atLogIn).toBe(false);
  });
});

describe('the timer of the next probe', () => {
  it('keeps the process alive only while something waits', () => {
    vi.useRealTimers();
    const { hold } = new Noted();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const latest = (): NodeJS.Timeout | undefined =>
      timers.mock.results.at(-1)?.value;
    hold.pause(FAULT, performance.now(), 'auth');
    expect(latest()?.hasRef()).toBe(false);
    hold.keepAlive(true);
    expect(latest()?.hasRef()).toBe(true);
    hold.probes();
    expect(latest()?.hasRef()).toBe(true);
    hold.keepAlive(false);
    expect(latest()?.hasRef()).toBe(false);
    hold.stop();
  });

  it('is gone once it is stopped', () => {
    const noted = new Noted();
    noted.refuse();
    noted.hold.stop();

    expect(vi.getTimerCount()).toBe(0);
  });
});
