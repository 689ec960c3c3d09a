import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import { Validator } from 'class-validator';
import { describe, expect, it } from 'vitest';

import { EncryptionOptions } from '../../../../lib/outbox/options/encryption.options.js';

const KEY = randomBytes(32);

function optionsOf(input: object): EncryptionOptions {
  const options = new EncryptionOptions();
  options.take(input);
  return options;
}

function problemsOf(input: object): Record<string, string> {
  const errors = new Validator().validateSync(optionsOf(input));
  return Object.fromEntries(
    errors.map(({ property, constraints }) => [
      property,
      Object.values(constraints ?? {}).join(' and '),
    ]),
  );
}

describe('the options of encryption', () => {
  it('need not be given', () => {
    const options = new EncryptionOptions();

    expect(new Validator().validateSync(options)).toEqual([]);
    expect(options.toEncryption()).toBeUndefined();
  });

  it.each([
    ['base64', KEY.toString('base64')],
    ['base64 for URLs', KEY.toString('base64url')],
    ['a Buffer', KEY],
    ['other bytes', new Uint8Array(KEY)],
  ])('take a key as %s', (_, key) => {
    const input = { current: 'new', keys: { old: randomBytes(32), new: key } };

    const encryption = optionsOf(input).toEncryption();

    expect(problemsOf(input)).toEqual({});
    expect(encryption?.current).toBe('new');
    expect(encryption?.currentKey.export()).toEqual(KEY);
    expect([...(encryption?.keys.keys() ?? [])]).toEqual(['old', 'new']);
  });

  it('keep a key that the caller overwrites', () => {
    const key = Buffer.from(KEY);
    const encryption = optionsOf({ current: 'k', keys: { k: key } });
    const resolved = encryption.toEncryption();

    key.fill(0);

    expect(resolved?.currentKey.export()).toEqual(KEY);
  });

  it('go together', () => {
    expect(problemsOf({})).toEqual({
      current: expect.stringContaining('is required'),
      keys: expect.stringContaining('is required'),
    });
  });

  it.each([
    ['nothing', {}, /at least one key/],
    ['no object', KEY, /must be an object of keys by their ids/],
    ['a short key', { k: KEY.subarray(1) }, /`k` must be 32 bytes, but has 31/],
    ['a key in hex', { k: KEY.toString('hex') }, /`k` must be 32.*48/],
    ['no base64', { k: `${KEY.toString('base64')}\n` }, /`k` must be base64/],
    ['null', { k: null }, /`k` must be base64 or a Buffer/],
    ['a key as id', { [KEY.toString('hex')]: 'k' }, /holds an id that is not/],
    ['a bad id', { 'a b': KEY }, /holds an id that is not 1 to 32/],
    ['two problems', { a: 7, b: KEY.subarray(2) }, /`a` must.*; `b` must.*30/],
  ])('must not hold %s as keys', (_, keys, expected) => {
    expect(problemsOf({ current: 'k', keys })['keys']).toMatch(expected);
  });

  it.each(['other', 'toString', '', 7])('must not name %j', (current) => {
    expect(problemsOf({ current, keys: { k: KEY } })).toEqual({
      current: 'must be the id of one of `keys`',
    });
  });

  it('never print a key, wherever it was put', () => {
    const text = KEY.toString('base64');
    const hex = KEY.toString('hex');

    const shown = JSON.stringify([
      problemsOf({ current: text, keys: { [text]: 'k' } }),
      problemsOf({ current: hex, keys: { k: `${text}!` } }),
      problemsOf({ current: hex, keys: text }),
      inspect(optionsOf({ current: 'k', keys: { k: KEY } }).toEncryption(), {
        depth: 20,
        showHidden: true,
      }),
    ]);

    for (const form of [text, hex, inspect(KEY).slice(8, 40)])
      expect(shown).not.toContain(form);
  });
});
