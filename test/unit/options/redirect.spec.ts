import { describe, expect, it } from 'vitest';

import { problemsWith, problemWith, resolveWith } from './support/problems.js';

describe('redirect', () => {
  it('is nothing by default', () => {
    expect(resolveWith().redirect).toBeUndefined();
  });

  it('holds its target with the domain in ASCII', () => {
    const { redirect } = resolveWith({ redirect: { to: 'QA@Jõgeva.example' } });

    expect(redirect?.to).toBe('QA@xn--jgeva-dua.example');
    expect(redirect?.except.matches('qa@xn--jgeva-dua.example')).toBe(false);
  });

  it('holds whom it excepts', () => {
    const redirect = { to: 'qa@staging.example', except: ['@team.example'] };
    const { except } = resolveWith({ redirect }).redirect ?? {};

    expect(except?.matches('ann@team.example')).toBe(true);
    expect(except?.matches('ann@other.example')).toBe(false);
  });

  it.each([{}, { to: undefined }, { except: ['team.example'] }])(
    'needs a target, so that no mail escapes: %j',
    (redirect) => {
      const { option, problem } = problemWith({ redirect });

      expect(option).toBe('redirect.to');
      expect(problem).toMatch(/^is required: .* environment variable/);
    },
  );

  it.each([
    '',
    'qa',
    '@staging.example',
    '*@staging.example',
    'QA <qa@staging.example>',
    'qa@staging.example, eve@example.org',
    'qa@a@staging.example',
    'qa@[127.0.0.1]',
    'qa@127.0.0.1',
    'q a@staging.example',
    'jürgen@staging.example',
    'qa@staging.example\r\n',
    `${'q'.repeat(65)}@staging.example`,
    5,
    ['qa@staging.example'],
    { address: 'qa@staging.example' },
  ])('takes one plain address as target, not %j', (to) => {
    const { option, problem } = problemWith({ redirect: { to } });

    expect(option).toBe('redirect.to');
    expect(problem).toMatch(/^must be one address without a name/);
  });

  it('refuses null in its place', () => {
    expect(problemWith({ redirect: { to: null } }).problem).toMatch(/null/);
    expect(problemWith({ redirect: null }).option).toBe('redirect');
    expect(problemWith({ redirect: 'qa@staging.example' }).option).toBe(
      'redirect',
    );
  });

  it('says which exception is none', () => {
    const except = ['team.example', 'team'];
    const redirect = { to: 'qa@staging.example', except: [...except, '*'] };

    expect(problemWith({ redirect }).problem).toMatch(/entry 3 is neither$/);
  });

  it('lists all that is wrong with it', () => {
    const problems = problemsWith({ redirect: { to: 'qa', except: 'x' } });

    expect(problems.map(({ option }) => option)).toEqual([
      'redirect.to',
      'redirect.except',
    ]);
  });

  it('is warned of', () => {
    const redirect = { to: 'qa@staging.example' };

    expect(resolveWith({ redirect }).warnings).toEqual([
      '`redirect` is on: mail goes to qa@staging.example instead of to all recipients',
    ]);
  });
});
