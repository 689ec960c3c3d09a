import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { KeyFunction } from '../../../lib/options/ask-for-key.js';
import { keyFingerprint } from '../../../lib/options/key-fingerprint.js';
import { KeySource } from '../../../lib/options/key-source.js';
import { Secret } from '../../../lib/options/secret.js';

const FIRST = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;
const SECOND = `SG.${'c'.repeat(22)}.${'d'.repeat(43)}`;
const PATIENCE = 10_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

let told: unknown[][] = [];

function sourceOf(given: string | KeyFunction | undefined): KeySource {
  told = [];
  const held = given === undefined ? undefined : new Secret(given);
  return new KeySource(held, PATIENCE, {
    changed: (...keys) => told.push(['changed', ...keys]),
    failed: (error, ...rest) => told.push([error.message, ...rest]),
  });
}

function print(key: string): string {
  return keyFingerprint(new Secret(key));
}

/** Answers one after the other, the last one for good. */
function answers(...given: (() => string | Promise<string>)[]): {
  ask: KeyFunction;
  calls: () => number;
} {
  let calls = 0;
  return {
    ask: () => {
      const answer = given[Math.min(calls, given.length - 1)];
      calls += 1;
      return answer === undefined ? '' : answer();
    },
    calls: () => calls,
  };
}

describe('a constant key', () => {
  it('is given at once, and is never another', async () => {
    const keys = sourceOf(FIRST);
    const key = keys.get();

    expect(key).toBe(keys.current);
    expect(keys.current?.reveal()).toBe(FIRST);
    expect(keys.fingerprint).toBe(print(FIRST));
    expect(keys.renewable).toBe(false);
    expect(await keys.renew(keys.current)).toBe(false);
  });

  it('may be absent', () => {
    const keys = sourceOf(undefined);

    expect(keys.get()).toBeUndefined();
    expect(keys.fingerprint).toBeUndefined();
  });
});

describe('a function', () => {
  it('is not asked before a key is needed', () => {
    const { ask, calls } = answers(() => FIRST);
    const keys = sourceOf(ask);

    expect(calls()).toBe(0);
    expect(keys.current).toBeUndefined();
    expect(keys.fingerprint).toBeUndefined();
  });

  it.each([
    ['a key', () => FIRST],
    ['a promise of one', async () => FIRST],
  ])('may return %s', async (_, ask) => {
    const keys = sourceOf(ask);

    expect((await keys.get())?.reveal()).toBe(FIRST);
    expect(keys.fingerprint).toBe(print(FIRST));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is asked again after 30 s, and not before', async () => {
    const { ask, calls } = answers(() => FIRST);
    const keys = sourceOf(ask);
    const first = await keys.get();
    vi.advanceTimersByTime(29_999);
    const reused = keys.get();
    vi.advanceTimersByTime(1);
    const asked = keys.get();

    expect(reused).toBe(first);
    expect(asked).toBeInstanceOf(Promise);
    expect(await asked).toBe(first);
    expect(calls()).toBe(2);
    expect(told).toEqual([]);
  });

  it('is called once for all that want a key at the same time', async () => {
    const { ask, calls } = answers(async () => FIRST);
    const keys = sourceOf(ask);
    const given = await Promise.all(
      Array.from({ length: 10 }, async () => keys.get()),
    );

    expect(new Set(given).size).toBe(1);
    expect(calls()).toBe(1);
  });

  it('tells of another key, by fingerprints', async () => {
    const { ask } = answers(
      () => FIRST,
      () => SECOND,
    );
    const keys = sourceOf(ask);
    await keys.get();
    vi.advanceTimersByTime(30_000);

    expect((await keys.get())?.reveal()).toBe(SECOND);
    expect(told).toEqual([['changed', print(SECOND), print(FIRST)]]);
  });
});

describe('a refused key', () => {
  it('has the function asked at once', async () => {
    const { ask, calls } = answers(
      () => FIRST,
      () => SECOND,
    );
    const keys = sourceOf(ask);
    const refused = await keys.get();

    expect(await keys.renew(refused)).toBe(true);
    expect(await keys.renew(refused)).toBe(true);
    expect(keys.current?.reveal()).toBe(SECOND);
    expect(calls()).toBe(2);
  });

  it('stays when there is no other', async () => {
    const { ask, calls } = answers(() => FIRST);
    const keys = sourceOf(ask);
    const refused = await keys.get();
    const renewed = [keys.renew(refused), keys.renew(refused)];

    expect(await Promise.all(renewed)).toEqual([false, false]);
    expect(calls()).toBe(2);
  });

  it('is not handed out while another is asked for', async () => {
    const { ask } = answers(
      () => FIRST,
      async () => SECOND,
    );
    const keys = sourceOf(ask);
    const renewed = keys.renew(await keys.get());
    const next = await keys.get();

    expect(next?.reveal()).toBe(SECOND);
    expect(await renewed).toBe(true);
  });
});

const FAILURES: [string, () => string | Promise<string>, RegExp][] = [
  ['throws', () => fail('vault is sealed'), /Error: vault is sealed/],
  ['rejects', async () => fail('no route'), /no route.*must return the key/],
  ['throws no error', () => throwAny('?'), /failed \(Error: \?\)/],
  ['returns nothing', () => undefined as unknown as string, /is undefined/],
  ['returns an empty text', () => '', /must not be empty/],
  ['returns a line feed', () => `${SECOND}\n`, /trailing white space with/],
  ['returns the ID of a key', () => 'c'.repeat(22), /is the ID of a key/],
];

describe.each(FAILURES)('a function that %s', (_, bad, reason) => {
  it('keeps the last good key, and tells why', async () => {
    const { ask, calls } = answers(() => FIRST, bad);
    const keys = sourceOf(ask);
    const first = await keys.get();
    vi.advanceTimersByTime(30_000);

    expect(await keys.get()).toBe(first);
    expect(told).toEqual([[expect.stringMatching(reason), 1, print(FIRST)]]);
    expect(keys.get()).toBe(first);
    expect(calls()).toBe(2);
  });

  it('gives none when there has been no good one, and is asked again', async () => {
    const { ask, calls } = answers(bad, bad, () => FIRST);
    const keys = sourceOf(ask);
    for (const streak of [1, 2]) {
      await expect(keys.get()).rejects.toThrow(reason);
      expect(told.at(-1)?.slice(1)).toEqual([streak, undefined]);
    }

    expect((await keys.get())?.reveal()).toBe(FIRST);
    expect(calls()).toBe(3);
  });
});

describe('a function that hangs', () => {
  it('keeps the last good key after `connectMs`', async () => {
    const { ask } = answers(
      () => FIRST,
      () => new Promise<string>(() => undefined),
    );
    const keys = sourceOf(ask);
    const first = await keys.get();
    vi.advanceTimersByTime(30_000);
    const later = keys.get();
    await vi.advanceTimersByTimeAsync(PATIENCE);

    expect(await later).toBe(first);
    expect(told).toEqual([
      [expect.stringContaining('within 10000 ms'), 1, print(FIRST)],
    ]);
  });

  it('has its late answer ignored, whatever that is', async () => {
    let answer: (key: string) => void = () => undefined;
    const { ask } = answers(
      () => new Promise<string>((resolve) => (answer = resolve)),
      () => SECOND,
    );
    const keys = sourceOf(ask);
    const silent = Promise.resolve(keys.get()).catch(String);
    await vi.advanceTimersByTimeAsync(PATIENCE);
    await keys.get();
    answer(FIRST);
    await vi.advanceTimersByTimeAsync(0);

    expect(await silent).toMatch(/did not answer/);
    expect(keys.current?.reveal()).toBe(SECOND);
  });
});

describe('a streak of failures', () => {
  it('ends with the next good answer', async () => {
    const bad = () => fail('down');
    const good = () => FIRST;
    const { ask } = answers(good, bad, bad, good, bad);
    const keys = sourceOf(ask);
    for (let i = 0; i < 5; i += 1) {
      await keys.get();
      vi.advanceTimersByTime(30_000);
    }

    expect(told.map(([, streak]) => streak)).toEqual([1, 2, 1]);
  });
});

describe('what a function says', () => {
  it.each([SECOND, 'odd-key-0123456789'])(
    'shows nowhere, be it thrown or returned: %s',
    async (key) => {
      const { ask } = answers(
        () => key,
        () => `${key}\n`,
        () => fail(`the key ${key} is gone`),
      );
      const keys = sourceOf(ask);
      await keys.get();
      await keys.renew(keys.current);
      await keys.renew(keys.current);

      const shown = inspect([keys, keys.get(), told], { depth: 20 });
      expect(told).toHaveLength(2);
      expect(shown).not.toContain(key);
      expect(shown).not.toContain(key.slice(3));
    },
  );

  it('is not heard in the turn that asks', async () => {
    const { ask, calls } = answers(() => FIRST);
    const given = sourceOf(ask).get();

    expect(calls()).toBe(0);
    await given;
  });
});

function fail(message: string): never {
  throw new Error(message);
}

function throwAny(thrown: unknown): never {
  throw thrown;
}
