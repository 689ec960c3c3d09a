import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';

import { onAbort } from '../../../lib/pool/abort-hub.js';

describe('a signal that many wait for', () => {
  it('has one listener, and calls each of them once', () => {
    const abort = new AbortController();
    const listeners = Array.from({ length: 100 }, () => vi.fn());
    for (const listener of listeners) onAbort(abort.signal, listener);

    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    abort.abort();
    for (const listener of listeners) expect(listener).toHaveBeenCalledOnce();
  });

  it('has none once nobody waits, and one again for the next', () => {
    const abort = new AbortController();
    const [first, second] = [vi.fn(), vi.fn()];
    const stop = onAbort(abort.signal, first);
    stop();
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
    onAbort(abort.signal, second);
    abort.abort();

    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledOnce();
  });
});
