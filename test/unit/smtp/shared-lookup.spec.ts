import dns, { type LookupAddress } from 'node:dns';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { SharedLookup } from '../../../lib/smtp/shared-lookup.js';

interface Answer {
  readonly error: Error | null;
  readonly address: string | LookupAddress[];
  readonly family: number | undefined;
}

const asked = vi.hoisted(() => vi.fn());

// The real look-up, counted: a module's exports cannot be spied on otherwise.
vi.mock(import('node:dns'), async (original) => {
  const real = await original();
  return {
    ...real,
    lookup: ((...call: Parameters<typeof real.lookup>) => {
      asked(call[0]);
      return real.lookup(...call);
    }) as typeof real.lookup,
  };
});

afterEach(() => {
  asked.mockClear();
});

function ask(
  shared: SharedLookup,
  hostname: string,
  all: boolean,
): Promise<Answer> {
  return new Promise((resolve) => {
    shared.lookup(hostname, { all }, (error, address, family) =>
      resolve({ error, address, family }),
    );
  });
}

describe('SharedLookup', () => {
  it('asks once for fifty connections made at once', async () => {
    const shared = new SharedLookup();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => ask(shared, 'localhost', true)),
    );
    const expected = await dns.promises.lookup('localhost', { all: true });

    expect(asked.mock.calls).toEqual([['localhost']]);
    expect(answers).toHaveLength(50);
    for (const { error, address } of answers) {
      expect(error).toBeNull();
      expect(address).toEqual(expected);
    }
  });

  it('asks anew for each connection made later', async () => {
    const shared = new SharedLookup();
    await ask(shared, 'localhost', true);
    await ask(shared, 'localhost', true);

    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('asks for each host of its own', async () => {
    const shared = new SharedLookup();
    const [first, second] = await Promise.all([
      ask(shared, '127.0.0.1', true),
      ask(shared, '127.0.0.2', true),
    ]);

    expect(first.address).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(second.address).toEqual([{ address: '127.0.0.2', family: 4 }]);
  });

  it('gives the first address to who asks for one', async () => {
    const shared = new SharedLookup();
    const [one, all] = await Promise.all([
      ask(shared, '127.0.0.1', false),
      ask(shared, '127.0.0.1', true),
    ]);

    expect(one).toEqual({ error: null, address: '127.0.0.1', family: 4 });
    expect(all.address).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('tells everybody of a failure and asks again afterwards', async () => {
    const shared = new SharedLookup();
    // A label of 64 octets: no resolver is asked.
    const impossible = `${'x'.repeat(64)}.invalid`;
    const answers = await Promise.all(
      [true, false].map((all) => ask(shared, impossible, all)),
    );
    await ask(shared, impossible, true);

    for (const { error } of answers) expect(error).toBeInstanceOf(Error);
    expect(asked).toHaveBeenCalledTimes(2);
  });
});
