import { describe, expect, it } from 'vitest';

import { isNegative, isPositive, replyLine } from '../../../lib/smtp/reply.js';

describe('a reply', () => {
  it.each([
    [200, true, false],
    [299, true, false],
    [300, false, false],
    [354, false, false],
    [399, false, false],
    [400, false, true],
    [599, false, true],
  ])('with code %d is positive: %s, negative: %s', (code, yes, no) => {
    expect(isPositive({ code, text: '' })).toBe(yes);
    expect(isNegative({ code, text: '' })).toBe(no);
  });

  it.each([
    [{ code: 250, text: '' }, '250'],
    [{ code: 550, text: 'no such user' }, '550 no such user'],
    [{ code: 550, text: 'a\nb\n' }, '550 a b'],
  ])('%j is one line in messages', (reply, line) => {
    expect(replyLine(reply)).toBe(line);
  });
});
