import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { JointAdding } from '../../../../lib/outbox/store/joint-adding.js';

/** A store that answers when it is told to. */
class SlowStore {
  readonly commands: (readonly string[])[] = [];
  readonly #answers: PromiseWithResolve[] = [];

  put(items: readonly string[]): Promise<void> {
    this.commands.push(items);
    return new Promise((resolve, reject) => {
      this.#answers.push({ resolve, reject });
    });
  }

  async answer(error?: Error): Promise<void> {
    const answer = this.#answers.shift();
    if (error === undefined) answer?.resolve();
    else answer?.reject(error);
    await vi.advanceTimersByTimeAsync(1);
  }
}

interface PromiseWithResolve {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

describe('JointAdding', () => {
  let store: SlowStore;
  let joint: JointAdding<string>;

  beforeEach(() => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    store = new SlowStore();
    joint = new JointAdding((items) => store.put(items));
  });

  const add = (...items: string[]): Promise<unknown>[] =>
    items.map((item) => joint.add(item).then(() => item, codeOf));

  it('puts in with one command what comes at once, and what comes meanwhile with the next', async () => {
    const first = add('a', 'b');
    await vi.advanceTimersByTimeAsync(1);
    const next = add('c', 'd', 'e');
    await vi.advanceTimersByTimeAsync(1);

    expect(store.commands).toEqual([['a', 'b']]);
    await store.answer();
    expect(await Promise.all(first)).toEqual(['a', 'b']);
    expect(store.commands).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
    await store.answer();
    expect(await Promise.all(next)).toEqual(['c', 'd', 'e']);
  });

  it('puts in no more than 500 with one', async () => {
    const all = add(...Array.from({ length: 1001 }, (_, i) => `${i}`));
    await vi.advanceTimersByTimeAsync(1);
    await store.answer();
    await store.answer();

    expect(store.commands.map(({ length }) => length)).toEqual([500, 500, 1]);
    await store.answer();
    expect(await Promise.all(all)).toHaveLength(1001);
  });

  it('tells everybody of a command that failed, and goes on', async () => {
    const first = add('a', 'b');
    await vi.advanceTimersByTimeAsync(1);
    await store.answer(new Error('no'));
    const next = add('c');
    await vi.advanceTimersByTimeAsync(1);
    await store.answer();

    expect(await Promise.all([...first, ...next])).toEqual(['no', 'no', 'c']);
  });

  it('does not begin what nobody waits for any more, and says so', async () => {
    const first = add('a');
    await vi.advanceTimersByTimeAsync(1);
    const next = add('b');
    await vi.advanceTimersByTimeAsync(2500);

    expect(await Promise.all([...first, ...next])).toEqual([
      'unknown',
      'not-sent',
    ]);
    await store.answer();
    const later = add('c');
    await vi.advanceTimersByTimeAsync(1);
    expect(store.commands).toEqual([['a'], ['c']]);
    await store.answer();
    expect(await Promise.all(later)).toEqual(['c']);
  });
});

function codeOf(error: unknown): unknown {
  const state: unknown = Reflect.get(Object(error), 'deliveryState');
  return state ?? (error instanceof Error ? error.message : error);
}
