import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Brake } from '../../../../lib/outbox/worker/brake.js';

describe('Brake', () => {
  let told: (number | 'pause')[];
  let brake: Brake;

  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    const worker = {
      pause: () => void told.push('pause'),
      resume: (concurrency: number) => void told.push(concurrency),
    };
    brake = new Brake(worker, 20);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('tries with one message after a pause, and goes on when that could be offered', () => {
    expect(brake.pull()).toBe(5000);
    vi.advanceTimersByTime(4999);
    expect(told).toEqual(['pause']);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['pause', 1]);
    expect(brake.release()).toBe(true);
    expect(told).toEqual(['pause', 1, 20]);
  });

  it('takes no notice of what was under way when it was pulled', () => {
    brake.pull();

    expect(brake.pull()).toBeUndefined();
    expect(brake.release()).toBe(false);
    expect(told).toEqual(['pause']);
  });

  it('pauses for longer each time a try fails, up to a minute', () => {
    const pauses = Array.from({ length: 6 }, () => {
      const pausedMs = brake.pull();
      vi.advanceTimersByTime(pausedMs ?? 0);
      return pausedMs;
    });

    expect(pauses).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    brake.release();
    expect(brake.pull()).toBe(5000);
  });

  it('does not resume what was stopped', () => {
    brake.pull();
    brake.stop();
    vi.advanceTimersByTime(60_000);

    expect(told).toEqual(['pause']);
  });
});
