import { describe, expect, it } from 'vitest';

import { problemWith, resolveWith } from './support/problems.js';

describe('correlation', () => {
  it.each([true, false])('is accepted as %s', (correlation) => {
    expect(resolveWith({ correlation })).toMatchObject({ correlation });
  });

  it.each([
    ['true', 'got "true"'],
    [0, 'got 0'],
    [{}, 'got an object'],
  ])('refuses %j', (correlation, got) => {
    expect(problemWith({ correlation })).toEqual({
      option: 'correlation',
      problem: `must be true or false, ${got}`,
    });
  });
});
