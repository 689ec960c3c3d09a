import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';

import {
  PrivateAddressError,
  publicLookup,
  type LookUpAll,
} from '../../../../lib/message/urls/public-lookup.js';

/** Answers with one list after the other. */
function answering(...answers: string[][]): LookUpAll {
  return (_name, _options, callback) => {
    const answer = answers.shift() ?? [];
    callback(
      null,
      answer.map((address) => ({
        address,
        family: address.includes(':') ? 6 : 4,
      })),
    );
  };
}

function ask(lookup: LookupFunction, all = true): Promise<unknown> {
  return new Promise((resolve, reject) => {
    lookup('shop.example', { all }, (error, address, family) => {
      if (error) reject(error);
      else resolve(all ? address : { address, family });
    });
  });
}

describe('publicLookup', () => {
  const all: LookupAddress[] = [
    { address: '1.1.1.1', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ];

  it('gives public addresses, all or the first, as they come', async () => {
    const lookup = publicLookup(
      answering(['1.1.1.1', '2606:4700::1111'], ['2606:4700::1111']),
    );

    expect(await ask(lookup)).toEqual(all);
    expect(await ask(lookup, false)).toEqual(all[1]);
  });

  it.each([
    [['127.0.0.1']],
    [['1.1.1.1', '10.0.0.1']],
    [['::ffff:1.1.1.1']],
    [['2606:4700::1111', 'fe80::1%1']],
    [[]],
  ])('fails for %j', async (answer) => {
    for (const every of [true, false]) {
      await expect(
        ask(publicLookup(answering(answer)), every),
      ).rejects.toBeInstanceOf(PrivateAddressError);
    }
  });

  it('checks every answer anew', async () => {
    const lookup = publicLookup(answering(['1.1.1.1'], ['169.254.169.254']));

    expect(await ask(lookup)).toEqual([all[0]]);
    await expect(ask(lookup)).rejects.toBeInstanceOf(PrivateAddressError);
  });

  it('asks for all addresses, whatever the socket would take', async () => {
    const options: unknown[] = [];
    const lookup = publicLookup((_name, given, callback) => {
      options.push(given);
      callback(null, all);
    });

    await ask(lookup, false);

    expect(options).toEqual([{ all: true }]);
  });

  it('passes failures on', async () => {
    const failure = Object.assign(new Error('no name'), { code: 'ENOTFOUND' });
    // As dns.lookup does, without any addresses.
    const lookup = publicLookup((_name, _options, callback) =>
      Reflect.apply(callback, undefined, [failure]),
    );

    await expect(ask(lookup)).rejects.toBe(failure);
  });

  it('asks the system by default', async () => {
    await expect(
      new Promise((resolve, reject) => {
        publicLookup()('localhost', {}, (error) =>
          error ? reject(error) : resolve(undefined),
        );
      }),
    ).rejects.toBeInstanceOf(PrivateAddressError);
  });
});
