import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { AccountFault } from '../../../lib/pool/account-fault.js';
import { Holds } from '../../../lib/pool/holds.js';

const FAULT: AccountFault = {
  kind: 'paused',
  reply: { code: 451, text: 'Maximum credits exceeded' },
  meaning: 'Used up.',
  advice: 'Buy more.',
};

let told: string[] = [];
let holds: Holds;

beforeEach(() => {
  vi.useFakeTimers({
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'performance',
    ],
  });
  told = [];
  holds = new Holds({
    paused: () => told.push('paused'),
    resumed: () => told.push('resumed'),
    probeDue: () => told.push('probe'),
    holding: () => told.push('holding'),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

function faultNow(): void {
  holds.pauseAccount(FAULT, performance.now(), 'envelope');
}

function passNow(): void {
  vi.advanceTimersByTime(1);
  holds.account.passed(performance.now(), 'envelope');
}

describe('what is held', () => {
  it('is nothing at first', () => {
    expect(holds.room).toBe(Infinity);
    expect(holds.since).toBeUndefined();
    expect(holds.totalMs).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is everything while somebody has paused it', () => {
    holds.pause('incident 7');
    expect(holds.reason).toBe('incident 7');
    expect(holds.room).toBe(0);
    holds.resume();

    expect(holds.reason).toBeUndefined();
    expect(holds.room).toBe(Infinity);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stays held until both reasons are gone', () => {
    holds.pause('incident 7');
    faultNow();
    holds.resume();
    expect(holds.room).toBe(0);
    passNow();

    expect(holds.room).toBe(Infinity);
  });

  it('lets no probe through that somebody has paused', () => {
    faultNow();
    holds.pause('incident 7');
    vi.advanceTimersByTime(60_000);

    expect(told).toContain('probe');
    expect(holds.room).toBe(0);
  });

  it('is looked over every second, and not after', () => {
    holds.pause('incident 7');
    vi.advanceTimersByTime(3000);
    holds.resume();
    vi.advanceTimersByTime(3000);

    expect(told).toEqual(['holding', 'holding', 'holding']);
  });
});

describe('the time of being held', () => {
  it('adds up over pauses, and counts those that overlap once', () => {
    holds.pause('incident 7');
    const { since } = holds;
    vi.advanceTimersByTime(1000);
    faultNow();
    vi.advanceTimersByTime(1000);
    holds.resume();
    expect(holds.since).toBe(since);
    vi.advanceTimersByTime(1000);
    expect(holds.totalMs).toBe(3000);
    passNow();
    vi.advanceTimersByTime(5000);
    expect(holds.totalMs).toBe(3001);
    expect(holds.since).toBeUndefined();
    holds.pause('incident 8');
    vi.advanceTimersByTime(500);

    expect(holds.totalMs).toBe(3501);
  });

  it('is over before the end of it is told', () => {
    let since: number | undefined = 0;
    const seen = new Holds({
      paused: () => undefined,
      resumed: () => {
        ({ since } = seen);
      },
      probeDue: () => undefined,
      holding: () => undefined,
    });
    seen.pauseAccount(FAULT, performance.now(), 'auth');
    vi.advanceTimersByTime(1);
    seen.account.passed(performance.now(), 'auth');

    expect(since).toBeUndefined();
  });
});

describe('a held process', () => {
  it('stays alive only for what waits', () => {
    vi.useRealTimers();
    const beats = vi.spyOn(globalThis, 'setInterval');
    const beat = (): NodeJS.Timeout | undefined =>
      beats.mock.results.at(-1)?.value;
    holds.pause('incident 7');
    expect(beat()?.hasRef()).toBe(false);
    holds.keepAlive(true);
    expect(beat()?.hasRef()).toBe(true);
    holds.resume();
    holds.pause('incident 8');
    expect(beat()?.hasRef()).toBe(true);
    holds.keepAlive(false);
    expect(beat()?.hasRef()).toBe(false);
    holds.stop();
  });

  it('has no timer left once it is stopped', () => {
    faultNow();
    holds.stop();

    expect(vi.getTimerCount()).toBe(0);
  });
});
