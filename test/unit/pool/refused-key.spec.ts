import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { KeyFunction } from '../../../lib/options/ask-for-key.js';
import type { KeySource } from '../../../lib/options/key-source.js';
import { RefusedKey } from '../../../lib/pool/refused-key.js';
import { keySource } from './support/key-source.js';

const [FIRST, SECOND, THIRD] = ['first-key', 'second-key', 'third-key'];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

interface Case {
  readonly keys: KeySource;
  readonly refused: RefusedKey;
  readonly told: string[];
  readonly calls: () => number;
}

function make(given: string | KeyFunction): Case {
  let calls = 0;
  const told: string[] = [];
  const keys = keySource(
    typeof given === 'string'
      ? given
      : () => {
          calls += 1;
          return given();
        },
  );
  const refused = new RefusedKey(keys, {
    replaced: () => told.push('replaced'),
    stands: () => told.push('stands'),
    worthTrying: () => told.push('worth trying'),
  });
  return { keys, refused, told, calls: () => calls };
}

/** A case whose function gives these keys one after the other, the last for good. */
function giving(...answers: string[]): Case {
  let last = '';
  return make(() => (last = answers.shift() ?? last));
}

async function refuse({ keys, refused }: Case): Promise<string> {
  const answer = refused.refused(await keys.get());
  await vi.advanceTimersByTimeAsync(0);
  return answer;
}

describe('a refused constant', () => {
  it('stands, and nothing is asked', async () => {
    const one = make(FIRST);

    expect(await refuse(one)).toBe('stands');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a refused key of a function', () => {
  it('is replaced when the function gives another', async () => {
    const one = giving(FIRST, SECOND);

    expect(await refuse(one)).toBe('asking');
    expect(one.told).toEqual(['replaced']);
    expect(one.refused.asking).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stands when the function gives the same', async () => {
    const one = giving(FIRST);

    expect(await refuse(one)).toBe('asking');
    expect(one.told).toEqual(['stands']);
    expect(one.calls()).toBe(2);
  });

  it('is asked about once, however many connections had it', async () => {
    const one = giving(FIRST, SECOND);
    const key = await one.keys.get();
    const answers = [1, 2, 3].map(() => one.refused.refused(key));
    expect(one.refused.asking).toBe(true);
    await vi.advanceTimersByTimeAsync(0);

    expect(answers).toEqual(['asking', 'asking', 'asking']);
    expect(one.told).toEqual(['replaced']);
    expect(one.refused.refused(key)).toBe('outdated');
    expect(one.calls()).toBe(2);
  });

  it('stands when its replacement is refused, too', async () => {
    const one = giving(FIRST, SECOND, THIRD);
    await refuse(one);

    expect(await refuse(one)).toBe('stands');
    expect(one.calls()).toBe(2);
  });

  it('is asked about again after the relay has taken one', async () => {
    const one = giving(FIRST, SECOND, THIRD);
    await refuse(one);
    one.refused.taken();

    expect(await refuse(one)).toBe('asking');
    expect(one.told).toEqual(['replaced', 'replaced']);
  });
});

describe('a function whose key stays refused', () => {
  it('is asked every 30 s, until another key is worth a try', async () => {
    const one = giving(FIRST, FIRST, FIRST, FIRST, SECOND);
    await refuse(one);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(one.told).toEqual(['stands']);
    expect(one.calls()).toBe(4);
    await vi.advanceTimersByTimeAsync(30_000);

    expect(one.told).toEqual(['stands', 'worth trying']);
    expect(one.keys.current?.reveal()).toBe(SECOND);
  });

  it('keeps trying to get one through that was not refused itself', async () => {
    const one = giving(FIRST, FIRST, SECOND);
    await refuse(one);
    await vi.advanceTimersByTimeAsync(90_000);

    expect(one.told.slice(1)).toEqual(Array(3).fill('worth trying'));
  });

  it('makes the relay try no key that was refused before', async () => {
    const one = giving(FIRST, SECOND, FIRST, SECOND, FIRST, SECOND);
    await refuse(one);
    await refuse(one);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(one.keys.current?.reveal()).toBe(FIRST);
    await refuse(one);
    await vi.advanceTimersByTimeAsync(90_000);

    expect(one.told).toEqual(['replaced', 'worth trying']);
  });

  it('is left alone once the relay has taken one, and after the end', async () => {
    const one = giving(FIRST);
    const other = giving(FIRST);
    await refuse(one);
    await refuse(other);
    expect(vi.getTimerCount()).toBe(2);
    one.refused.taken();
    other.refused.stop();
    expect(vi.getTimerCount()).toBe(0);
    await refuse(other);

    expect(vi.getTimerCount()).toBe(0);
  });

  it('stops being asked when a key is taken while it is', async () => {
    let answer: (key: string) => void = () => undefined;
    let calls = 0;
    const one = make(() => {
      calls += 1;
      if (calls < 3) return FIRST;
      return new Promise<string>((resolve) => (answer = resolve));
    });
    await refuse(one);
    await vi.advanceTimersByTimeAsync(30_000);
    one.refused.taken();
    answer(SECOND);
    await vi.advanceTimersByTimeAsync(0);

    expect(one.told).toEqual(['stands']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
