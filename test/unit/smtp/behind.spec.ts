import { describe, expect, it } from 'vitest';

import { patience } from '../../../lib/smtp/behind.js';
import { PipeliningPolicy } from '../../../lib/smtp/pipelining-policy.js';
import { EVERYTHING } from './support/transactions.js';

const LONG = { capabilities: EVERYTHING, commandMs: 60_000, acceptMs: 600_000 };

describe('the patience with a reply', () => {
  it('is commandMs where nothing was grouped', () => {
    const policy = new PipeliningPolicy('auto');

    expect(patience(undefined, { ...LONG, policy })).toBe(60_000);
  });

  it.each(['auth', 'body'] as const)(
    'is seconds behind %s until the host has answered one in full',
    (behind) => {
      const policy = new PipeliningPolicy('oneflight');
      expect(patience(behind, { ...LONG, policy })).toBe(5000);
      policy.begins(behind);
      policy.answered(behind);

      expect(patience(behind, { ...LONG, policy })).toBe(60_000);
    },
  );

  it('is never longer than commandMs', () => {
    const policy = new PipeliningPolicy('auto');

    expect(patience('body', { ...LONG, policy, commandMs: 300 })).toBe(300);
  });
});
