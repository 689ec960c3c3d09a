import { describe, expect, it } from 'vitest';
import {
  RowTexts,
  type TextRules,
} from '../../../../lib/bulk/merge/row-texts.js';

function texts(
  defaults: Record<string, unknown> = {},
  rules: Partial<TextRules> = {},
): RowTexts {
  return new RowTexts(defaults, { raw: false, subject: '', ...rules });
}

const PATH = 'recipients[3].substitutions';

describe('The texts of a merge', () => {
  it('follow the tags of the defaults and the first recipient', () => {
    const merge = texts({ '-shop-': 'Shop' });

    expect(merge.of({ '-name-': 'Ada' }, PATH)).toEqual(['Shop', 'Ada']);
    expect(merge.of({ '-name-': 'Bob', '-shop-': 'Bar' }, PATH)).toEqual([
      'Bar',
      'Bob',
    ]);
    expect(merge.tags).toEqual(['-shop-', '-name-']);
  });

  it('may be numbers', () => {
    expect(texts().of({ '-n-': 7.5 }, PATH)).toEqual(['7.5']);
  });

  it('take the default where one is missing', () => {
    const merge = texts({ '-name-': 'customer' });

    expect(merge.of({}, PATH)).toEqual(['customer']);
    expect(merge.of(undefined, PATH)).toEqual(['customer']);
    expect(merge.of({ '-name-': null }, PATH)).toEqual(['customer']);
    expect(merge.of({ '-name-': '' }, PATH)).toEqual(['']);
  });

  it('are refused where one is missing and has no default', () => {
    const merge = texts();
    merge.of({ '-name-': 'Ada' }, PATH);

    expect(() => merge.of({}, PATH)).toThrow(
      '`recipients[3].substitutions.-name-` is missing',
    );
  });

  it('take a tag that the first recipient names without a text', () => {
    const merge = texts();

    expect(() => merge.of({ '-name-': undefined }, PATH)).toThrow('is missing');
    expect(merge.of({ '-name-': 'Bob' }, PATH)).toEqual(['Bob']);
  });

  it('are refused under a tag that the first recipient has not', () => {
    const merge = texts();
    merge.of({ '-name-': 'Ada' }, PATH);

    expect(() => merge.of({ '-name-': 'Bob', '-nam-': 'x' }, PATH)).toThrow(
      '`recipients[3].substitutions.-nam-` is no tag of this merge',
    );
  });

  it.each([['a b'], ['<a>'], ['a&b'], [''], ['a\nb']])(
    'are refused under %j, and not those under other tags for it',
    (tag) => {
      const merge = texts();

      expect(() => merge.of({ [tag]: 'x', '-name-': 'Ada' }, PATH)).toThrow(
        'is not a tag',
      );
      expect(merge.of({ '-name-': 'Bob' }, PATH)).toEqual(['Bob']);
    },
  );

  it('are refused under a tag that another is part of', () => {
    expect(() => texts({ ':name': '', ':names': '' })).toThrow(
      '`sendgrid.substitutions.:names` cannot be told from the tag ":name"',
    );
  });

  it('have their HTML escaped, defaults too', () => {
    const merge = texts({ '-a-': '<b>' });

    expect(merge.of({ '-b-': '"R&D"' }, PATH)).toEqual([
      '&lt;b&gt;',
      '&quot;R&amp;D&quot;',
    ]);
  });

  it('stay as they are when raw, all or those of some tags', () => {
    const all = texts({ '-a-': '<b>' }, { raw: true });
    const some = texts({ '-a-': '<b>' }, { raw: ['-b-'] });

    expect(all.of({ '-b-': '<i>' }, PATH)).toEqual(['<b>', '<i>']);
    expect(some.of({ '-b-': '<i>' }, PATH)).toEqual(['&lt;b&gt;', '<i>']);
  });

  it.each([
    ['its own', { '-a-': 'x -a- y', '-b-': '' }],
    ['another', { '-a-': 'x', '-b-': '-a-' }],
  ])('are refused when one holds %s tag, without being shown', (_, given) => {
    const merge = texts({}, { raw: true });

    const refusal = (): unknown => merge.of(given, PATH);

    expect(refusal).toThrow('holds a tag of this merge');
    expect(refusal).not.toThrow('x -a- y');
  });

  it('are refused when escaping one makes a tag of it', () => {
    expect(() => texts().of({ 'amp;': '&' }, PATH)).toThrow('holds a tag');
  });

  it('find tags whatever signs they are made of', () => {
    const tag = '*|N[A.M]E\\(^$+?){}|*';
    const merge = texts({ [tag]: '' }, { raw: true });

    expect(merge.of({ [tag]: 'NAME' }, PATH)).toEqual(['NAME']);
    expect(() => merge.of({ [tag]: `x${tag}` }, PATH)).toThrow('holds a tag');
  });

  it('break no line of the subject', () => {
    const merge = texts({ '-a-': '', '-b-': '' }, { subject: 'Hi -a-' });

    expect(merge.of({ '-b-': 'x\ny' }, PATH)).toEqual(['', 'x\ny']);
    expect(() => merge.of({ '-a-': 'x\ny' }, PATH)).toThrow('breaks the line');
  });

  it('have words that the header can be folded around', () => {
    const merge = texts({ '-a-': '' });
    const word = 'é'.repeat(163);

    expect(merge.of({ '-a-': `${word} ${word}` }, PATH)).toHaveLength(1);
    expect(() => merge.of({ '-a-': `${word}é` }, PATH)).toThrow('folded');
  });

  it.each([[{}], [['x']], [true], [NaN], [() => 'x']])(
    'are not %j',
    (value) => {
      expect(() => texts().of({ '-a-': value }, PATH)).toThrow(
        'must be a string or a number',
      );
    },
  );

  it.each([[[]], ['x'], [7]])('are not in %j', (given) => {
    expect(() => texts().of(given, PATH)).toThrow('must be an object');
  });
});
