import { describe, expect, it } from 'vitest';

import {
  AddressPatterns,
  patternsProblem,
} from '../../../lib/options/address-patterns.js';

const DOMAIN_FORMS = ['shop.example', '@shop.example', '*@shop.example'];

describe.each(DOMAIN_FORMS)('the pattern %s', (pattern) => {
  const patterns = new AddressPatterns([pattern]);

  it.each(['ada@shop.example', 'BOB@SHOP.EXAMPLE', '"a..b"@shop.example'])(
    'holds %s',
    (address) => {
      expect(patterns.matches(address)).toBe(true);
    },
  );

  it.each([
    'ada@sub.shop.example',
    'ada@workshop.example',
    'ada@shop.example.com',
    'ada@shop.example.',
    'ada@shop.example@other.example',
    'ada',
    'shop.example',
    '@shop.example',
    '',
  ])('does not hold %j', (address) => {
    expect(patterns.matches(address)).toBe(false);
  });
});

describe('the pattern of an address', () => {
  const patterns = new AddressPatterns(['Ada@Shop.Example']);

  it('holds the address in any case', () => {
    expect(patterns.matches('ada@shop.example')).toBe(true);
    expect(patterns.matches('ADA@SHOP.EXAMPLE')).toBe(true);
  });

  it.each(['bob@shop.example', 'ada@sub.shop.example', 'xada@shop.example'])(
    'does not hold %s',
    (address) => {
      expect(patterns.matches(address)).toBe(false);
    },
  );
});

describe('international domains', () => {
  it.each(['jõgeva.example', 'JÕGEVA.example', 'XN--jgeva-dua.example'])(
    'are the same in both forms: %s',
    (domain) => {
      const patterns = new AddressPatterns([domain]);

      expect(patterns.matches('ada@xn--jgeva-dua.example')).toBe(true);
      expect(patterns.matches('ada@jõgeva.example')).toBe(true);
      expect(patterns.matches('ada@jogeva.example')).toBe(false);
    },
  );
});

describe('patternsProblem', () => {
  it('finds nothing wrong with addresses and domains', () => {
    const list = [...DOMAIN_FORMS, 'a.b+c@shop.example', 'jõgeva.example'];

    expect(patternsProblem(list)).toBeUndefined();
    expect(patternsProblem([])).toBeUndefined();
  });

  it.each([
    '',
    '*',
    '@',
    '*@',
    'a*@shop.example',
    '*.shop.example',
    '*@*.example',
    'Ada <ada@shop.example>',
    ' shop.example',
    'shop.example/x',
    'shop%2eexample',
    'shop.example:25',
    '127.0.0.1',
    '.shop.example',
    '/shop/',
    5,
    null,
  ])('refuses %j', (entry) => {
    expect(patternsProblem(['ada@shop.example', entry])).toMatch(
      /entry 2 is neither$/,
    );
  });

  it.each(['shop.example', {}, new Set(['shop.example'])])(
    'refuses what is no list: %s',
    (list) => {
      expect(patternsProblem(list)).toMatch(/^must be a list/);
    },
  );
});
