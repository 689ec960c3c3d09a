import type { PluginFunction } from 'nodemailer';
import { describe, expect, it, vi } from 'vitest';
import { guardPlugin } from '../../../lib/transport/guard-plugin.js';

// A guarded plugin only passes the mail on.
const MAIL = {} as Parameters<PluginFunction>[0];

describe('guardPlugin', () => {
  it('calls back once, with the first outcome', () => {
    const callback = vi.fn<(error?: unknown) => void>();
    const guarded = guardPlugin((_, done) => {
      done();
      done(new Error('late'));
    });

    guarded(MAIL, callback);

    expect(callback.mock.calls).toEqual([[null]]);
  });

  it('turns what is thrown into the callback’s error', () => {
    const callback = vi.fn<(error?: unknown) => void>();
    const guarded = guardPlugin(() => {
      // oxlint-disable-next-line typescript/only-throw-error -- what a careless plugin does
      throw 'not an error';
    });

    guarded(MAIL, callback);

    expect(callback).toHaveBeenCalledExactlyOnceWith(new Error('not an error'));
  });

  it('turns a rejection into the callback’s error', async () => {
    const callback = vi.fn<(error?: unknown) => void>();
    const rejecting = (): unknown => Promise.reject(new Error('no'));

    guardPlugin(rejecting as PluginFunction)(MAIL, callback);

    await vi.waitFor(() =>
      expect(callback).toHaveBeenCalledExactlyOnceWith(new Error('no')),
    );
  });

  it('ignores a rejection after the call back', async () => {
    const callback = vi.fn<(error?: unknown) => void>();
    const guarded = guardPlugin((_, done): unknown => {
      done();
      return Promise.reject(new Error('late'));
    });

    guarded(MAIL, callback);
    await Promise.resolve();

    expect(callback.mock.calls).toEqual([[null]]);
  });
});
