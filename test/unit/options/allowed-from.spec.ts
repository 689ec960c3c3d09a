import { describe, expect, it } from 'vitest';

import { problemWith, resolveWith } from './support/problems.js';

describe('allowedFrom', () => {
  it('is everybody by default', () => {
    expect(resolveWith().allowedFrom).toBeUndefined();
  });

  it('holds addresses and domains', () => {
    const { allowedFrom } = resolveWith({
      allowedFrom: ['news@other.example', '@shop.example'],
    });

    expect(allowedFrom?.matches('hello@shop.example')).toBe(true);
    expect(allowedFrom?.matches('news@other.example')).toBe(true);
    expect(allowedFrom?.matches('hello@other.example')).toBe(false);
  });

  it.each([
    [[], /^must name at least one/],
    ['shop.example', /^must be a list/],
    [['shop.example', 'Shop <hello@shop.example>'], /entry 2 is neither$/],
    [null, /^must not be null/],
  ])('cannot be %j', (allowedFrom, problem) => {
    expect(problemWith({ allowedFrom })).toEqual({
      option: 'allowedFrom',
      problem: expect.stringMatching(problem),
    });
  });
});
