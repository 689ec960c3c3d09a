import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FreezeWatch } from '../../../lib/pool/freeze-watch.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Lets the clocks run on while no timer has its turn. */
function freeze(ms: number, clocks = { monotonic: true, wall: true }): void {
  const [monotonic, wall] = [performance.now(), Date.now()];
  if (clocks.monotonic) {
    vi.spyOn(performance, 'now').mockReturnValue(monotonic + ms);
  }
  if (clocks.wall) vi.spyOn(Date, 'now').mockReturnValue(wall + ms);
}

describe('a freeze', () => {
  it.for([
    ['both clocks', { monotonic: true, wall: true }],
    ['the monotonic clock alone', { monotonic: true, wall: false }],
    ['the wall clock alone', { monotonic: false, wall: true }],
  ] as const)('is noticed when asked, by %s', ([, clocks]) => {
    const thawed = vi.fn<() => void>();
    const watch = new FreezeWatch(thawed);
    watch.start();
    freeze(6001, clocks);

    expect(watch.check()).toBe(true);
    expect(thawed).toHaveBeenCalledOnce();
    expect(watch.thawedAt).toBe(performance.now());
  });

  it('is noticed once', () => {
    const thawed = vi.fn<() => void>();
    const watch = new FreezeWatch(thawed);
    watch.start();
    freeze(60_000);
    watch.check();

    expect(watch.check()).toBe(false);
    expect(thawed).toHaveBeenCalledOnce();
  });

  it('is noticed by the beat when nobody asks', () => {
    const thawed = vi.fn<() => void>();
    const watch = new FreezeWatch(thawed);
    watch.start();
    freeze(60_000);
    vi.advanceTimersByTime(1000);

    expect(thawed).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(1);
  });

  it('is not what a busy process does to its timers', () => {
    const thawed = vi.fn<() => void>();
    const watch = new FreezeWatch(thawed);
    watch.start();
    freeze(6000);

    expect(watch.check()).toBe(false);
    expect(thawed).not.toHaveBeenCalled();
  });

  it('is not seen in time that passes with the beat', () => {
    const thawed = vi.fn<() => void>();
    const watch = new FreezeWatch(thawed);
    watch.start();
    watch.start();
    vi.advanceTimersByTime(600_000);

    expect(vi.getTimerCount()).toBe(1);
    expect(watch.check()).toBe(false);
    expect(watch.thawedAt).toBe(-Infinity);
  });

  it('is nothing to a watch that was stopped, by itself or by the thaw', () => {
    const watch = new FreezeWatch(() => watch.stop());
    watch.start();
    freeze(60_000);
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);

    expect(watch.check()).toBe(false);
  });
});
