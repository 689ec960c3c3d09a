import { describe, expect, it } from 'vitest';

import { problemsWith, problemWith, resolveWith } from './support/problems.js';

const TIMER = 2_147_483_647;
const GUARD = { messages: 5, perMs: 1000, onExceeded: 'warn' };

describe('guards', () => {
  it('are none by default', () => {
    const none = { perRecipient: undefined, total: undefined };

    expect(resolveWith().guards).toEqual(none);
    expect(resolveWith({ guards: {} }).guards).toEqual(none);
  });

  it.each(['perRecipient', 'total'])('may be %s alone', (name) => {
    const { guards } = resolveWith({ guards: { [name]: GUARD } });

    expect(guards).toMatchObject({ [name]: GUARD });
    expect(Object.values(guards).filter(Boolean)).toHaveLength(1);
  });

  it('go to 100,000 messages in as long as a timer can wait', () => {
    const most = { messages: 100_000, perMs: TIMER, onExceeded: 'reject' };

    expect(resolveWith({ guards: { total: most } }).guards.total).toEqual(most);
  });

  it.each(['messages', 'perMs', 'onExceeded'])('need %s', (name) => {
    const guards = { total: { ...GUARD, [name]: undefined } };

    expect(problemWith({ guards })).toEqual({
      option: `guards.total.${name}`,
      problem:
        'is required: a guard takes `messages`, `perMs` and `onExceeded` together',
    });
  });

  it('are refused when one is empty', () => {
    const problems = problemsWith({ guards: { perRecipient: {} } });

    expect(problems.map(({ option }) => option)).toEqual([
      'guards.perRecipient.messages',
      'guards.perRecipient.perMs',
      'guards.perRecipient.onExceeded',
    ]);
  });

  it.each([
    ['messages', 0],
    ['messages', 100_001],
    ['messages', 1.5],
    ['messages', '5'],
    ['perMs', 0],
    ['perMs', TIMER + 1],
    ['onExceeded', 'drop'],
    ['onExceeded', true],
  ])('take no such %s: %j', (name, value) => {
    const guards = { perRecipient: { ...GUARD, [name]: value } };

    expect(problemWith({ guards }).option).toBe(`guards.perRecipient.${name}`);
  });

  it('refuse names that they do not know', () => {
    const guards = { recipient: GUARD };

    expect(problemWith({ guards }).option).toBe('guards.recipient');
  });
});
