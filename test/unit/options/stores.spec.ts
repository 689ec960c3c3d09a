import { describe, expect, it } from 'vitest';
import { MemoryUnknownSends } from '../../../lib/delivery/memory-unknown-sends.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { MemorySuppressions } from '../../../lib/webhook/suppression/suppression-store.js';

const given = (options: object): object => ({ mode: 'capture', ...options });

describe('options that are stores', () => {
  it('are taken as they are', () => {
    const unknownSends = new MemoryUnknownSends();
    const suppressions = new MemorySuppressions();

    const resolved = resolveOptions(given({ unknownSends, suppressions }));

    expect(resolved.unknownSends).toBe(unknownSends);
    expect(resolved.suppressions).toBe(suppressions);
  });

  it.each([
    ['suppressions', new Set(), '`reasonsFor`'],
    ['unknownSends', { add: (): void => undefined }, '`settledBy`'],
    ['unknownSends', null, 'must not be null'],
  ])('must have their methods: %s', (option, value, problem) => {
    const resolve = (): unknown => resolveOptions(given({ [option]: value }));

    expect(resolve).toThrow(problem);
  });
});

describe('retry.onUnknown', () => {
  it('may be to reconcile, within a time', () => {
    const retry = { onUnknown: 'reconcile', reconcileMs: 1000 };

    expect(resolveOptions(given({ retry })).retry).toMatchObject(retry);
    expect(() => resolveOptions(given({ retry: { reconcileMs: 0 } }))).toThrow(
      '`retry.reconcileMs` must be a whole number',
    );
  });
});
