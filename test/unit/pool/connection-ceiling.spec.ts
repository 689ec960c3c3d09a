import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ConnectionCeiling } from '../../../lib/pool/connection-ceiling.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the connection ceiling', () => {
  it('is the option until the relay refuses one', () => {
    const ceiling = new ConnectionCeiling(10);
    vi.advanceTimersByTime(3_600_000);

    expect(ceiling.value).toBe(10);
  });

  it('drops to what the relay allowed and rises by one in half a minute', () => {
    const ceiling = new ConnectionCeiling(10);
    ceiling.lower(4);
    expect(ceiling.value).toBe(4);
    vi.advanceTimersByTime(29_999);
    expect(ceiling.value).toBe(4);
    vi.advanceTimersByTime(1);
    expect(ceiling.value).toBe(5);
    vi.advanceTimersByTime(60_000);
    expect(ceiling.value).toBe(7);
  });

  it('never rises above the option', () => {
    const ceiling = new ConnectionCeiling(10);
    ceiling.lower(9);
    vi.advanceTimersByTime(3_600_000);

    expect(ceiling.value).toBe(10);
  });

  it('starts over when the relay refuses again', () => {
    const ceiling = new ConnectionCeiling(10);
    ceiling.lower(4);
    vi.advanceTimersByTime(60_000);
    ceiling.lower(5);
    vi.advanceTimersByTime(29_999);
    expect(ceiling.value).toBe(5);
    vi.advanceTimersByTime(1);

    expect(ceiling.value).toBe(6);
  });
});
