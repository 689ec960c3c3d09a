import { describe, expect, it } from 'vitest';

import { problemsWith, problemWith, resolveWith } from './support/problems.js';

const TIMER = 2_147_483_647;

describe('rateLimit', () => {
  it.each([undefined, { messages: 1, perMs: 1 }])('may be %j', (rateLimit) => {
    expect(resolveWith({ rateLimit }).rateLimit).toEqual(rateLimit);
  });

  it('goes to a million messages in as long as a timer can wait', () => {
    const rateLimit = { messages: 1_000_000, perMs: TIMER };
    const resolved = resolveWith({ rateLimit });

    expect(resolved.rateLimit).toEqual(rateLimit);
    expect(Object.isFrozen(resolved.rateLimit)).toBe(true);
  });

  it.each([
    ['messages', { perMs: 1000 }],
    ['perMs', { messages: 5 }],
    ['perMs', { messages: 5, perMs: undefined }],
  ])('without %s is refused', (name, rateLimit) => {
    expect(problemWith({ rateLimit })).toEqual({
      option: `rateLimit.${name}`,
      problem: 'is required: `rateLimit` takes `messages` and `perMs` together',
    });
  });

  it('is refused when it is empty', () => {
    const problems = problemsWith({ rateLimit: {} });

    expect(problems.map(({ option }) => option)).toEqual([
      'rateLimit.messages',
      'rateLimit.perMs',
    ]);
  });

  it.each([
    ['messages', { messages: 0, perMs: 1 }],
    ['messages', { messages: 1_000_001, perMs: 1 }],
    ['messages', { messages: 1.5, perMs: 1 }],
    ['messages', { messages: null, perMs: 1 }],
    ['perMs', { messages: 1, perMs: 0 }],
    ['perMs', { messages: 1, perMs: TIMER + 1 }],
    ['perMs', { messages: 1, perMs: '1000' }],
  ])('takes no such %s: %j', (name, rateLimit) => {
    expect(problemWith({ rateLimit }).option).toBe(`rateLimit.${name}`);
  });

  it("is no number, unlike nodemailer's", () => {
    const { option, problem } = problemWith({ rateLimit: 5 });

    expect(option).toBe('rateLimit');
    expect(problem).toMatch(/must be an object of options, got 5/);
  });
});
