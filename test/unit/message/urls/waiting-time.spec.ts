import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { WaitingTime } from '../../../../lib/message/urls/waiting-time.js';

describe('WaitingTime', () => {
  const onOver = vi.fn<() => void>();

  beforeEach(() => {
    onOver.mockClear();
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'performance'],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is over when it has run for so long in all', () => {
    const time = new WaitingTime(100, onOver);
    time.start();
    vi.advanceTimersByTime(60);
    time.stop();
    vi.advanceTimersByTime(1000);
    time.start();
    vi.advanceTimersByTime(39);
    expect(onOver).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);

    expect(onOver).toHaveBeenCalledOnce();
  });

  it('runs on when it is started again, and stands when stopped again', () => {
    const time = new WaitingTime(100, onOver);
    time.start();
    vi.advanceTimersByTime(60);
    time.start();
    vi.advanceTimersByTime(39);
    time.stop();
    time.stop();
    time.start();
    expect(onOver).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);

    expect(onOver).toHaveBeenCalledOnce();
  });

  it('leaves no timer behind', () => {
    const time = new WaitingTime(100, onOver);
    time.start();
    time.stop();

    expect(vi.getTimerCount()).toBe(0);
  });
});
