import { describe, expect, it } from 'vitest';

import {
  subFor,
  substitutionsOf,
} from '../../../../lib/message/x-smtpapi/substitutions.js';
import { refusalOf } from '../refusal.js';

const PATH = 'sendgrid.substitutions';

function sub(given: object, count: number): Record<string, readonly string[]> {
  return subFor(substitutionsOf(given, PATH), count, PATH);
}

async function refusal(given: unknown, count: number): Promise<string> {
  const error = await refusalOf(() =>
    subFor(substitutionsOf(given, PATH), count, PATH),
  );
  return error.message;
}

describe('Substitutions', () => {
  it('have one text for each recipient, repeating what is for all', () => {
    expect(sub({ '-a-': ['1', '2'], '-b-': 'both' }, 2)).toEqual({
      '-a-': ['1', '2'],
      '-b-': ['both', 'both'],
    });
  });

  it.each([1, 3])('are as long as `to`: %i texts for 2', async (length) => {
    const texts = Array.from({ length }, () => 'x');

    expect(await refusal({ '-a-': texts }, 2)).toContain(
      `\`${PATH}.-a-\` holds ${length} texts for 2 recipients`,
    );
  });

  it.each(['', 'a b', '-a\t-', '<a>', 'a>', 'a&b', 'a\u0007'])(
    'refuse %j as a tag',
    async (tag) => {
      expect(await refusal({ [tag]: 'x' }, 1)).toContain('is not a tag');
    },
  );

  it.each<[string, unknown]>([
    ['a number', { '-a-': 7 }],
    ['null', { '-a-': null }],
    ['a list of numbers', { '-a-': [7] }],
  ])('refuse %s as a text', async (_label, given) => {
    expect(await refusal(given, 1)).toContain('must be a string');
  });

  it('take 10,000 bytes of JSON for each recipient', async () => {
    // {"-a-":"...","-b-":"é"}, of which é takes six.
    const around = '{"-a-":"","-b-":""}'.length + 6;
    const fits = 'x'.repeat(10_000 - around);

    expect(() =>
      sub({ '-a-': [fits, fits, fits], '-b-': 'é' }, 3),
    ).not.toThrow();
    expect(
      await refusal({ '-a-': [fits, `${fits}x`, fits], '-b-': 'é' }, 3),
    ).toContain(`\`${PATH}\` takes 10001 bytes of JSON for recipient 1`);
  });

  it('count a text for all to each of them', async () => {
    const text = 'x'.repeat(5000);

    expect(await refusal({ '-a-': text, '-b-': [text, ''] }, 2)).toContain(
      'for recipient 0',
    );
  });

  it('keep a tag of any name', () => {
    const given: object = JSON.parse('{"__proto__":["a"],"constructor":"b"}');

    expect(Object.entries(sub(given, 1))).toEqual([
      ['__proto__', ['a']],
      ['constructor', ['b']],
    ]);
  });
});
