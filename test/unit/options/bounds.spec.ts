import { describe, expect, it } from 'vitest';

import { problemWith, resolveWith } from './support/problems.js';

const TIMER = 2_147_483_647;
const SAFE = Number.MAX_SAFE_INTEGER;

/** Path, lowest, highest accepted. */
const BOUNDS: [string, number, number][] = [
  ['pool.maxConnections', 1, 10_000],
  ['pool.minConnections', 0, 10],
  ['pool.maxMessagesPerConnection', 1, 5000],
  ['pool.maxConnecting', 1, SAFE],
  ['pool.idleTimeoutMs', 1, TIMER],
  ['pool.maxLifetimeMs', 1, TIMER],
  ['queue.maxMessages', 1, SAFE],
  ['queue.maxBytes', 1, SAFE],
  ['queue.maxStreamBytes', 0, SAFE],
  ['queue.failFastAfterMs', 0, TIMER],
  ['timeouts.connectMs', 1, TIMER],
  ['timeouts.greetingMs', 1, TIMER],
  ['timeouts.commandMs', 1, TIMER],
  ['timeouts.acceptMs', 1, TIMER],
  ['shutdown.timeoutMs', 0, TIMER],
];

const onReport = (): void => undefined;

function at(path: string, value: unknown): Record<string, object> {
  const [group = '', name = ''] = path.split('.');
  return { [group]: { [name]: value } };
}

describe.each(BOUNDS)('%s', (path, min, max) => {
  it(`is accepted from ${min} to ${max}`, () => {
    expect(resolveWith(at(path, min))).toMatchObject(at(path, min));
    expect(resolveWith(at(path, max))).toMatchObject(at(path, max));
  });

  it.each([min - 1, max + 1, min + 0.5, Number.NaN, Infinity, '5', true, {}])(
    'refuses %s',
    (value) => {
      const { option, problem } = problemWith(at(path, value));

      expect(option).toBe(path);
      expect(problem).toMatch(/must be a whole number .*got /);
    },
  );

  it('refuses null, saying what to do', () => {
    expect(problemWith(at(path, null))).toEqual({
      option: path,
      problem: 'must not be null: leave it out for the default',
    });
  });
});

describe('pool bounds', () => {
  it.each([0, 5001, 1.5])('name their source: %d messages', (value) => {
    expect(
      problemWith({ pool: { maxMessagesPerConnection: value } }).problem,
    ).toBe(
      `must be a whole number from 1 to 5000 (SendGrid's documented limit for one connection), got ${value}`,
    );
  });

  it.each([0, 10_001])('name their source: %d connections', (value) => {
    expect(problemWith({ pool: { maxConnections: value } }).problem).toBe(
      `must be a whole number from 1 to 10000 (SendGrid's documented limit for one server), got ${value}`,
    );
  });

  it('keep minConnections within the maxConnections given', () => {
    const accepted = { maxConnections: 3, minConnections: 3 };

    expect(resolveWith({ pool: accepted }).pool).toMatchObject(accepted);
    expect(
      problemWith({ pool: { maxConnections: 3, minConnections: 4 } }).option,
    ).toBe('pool.minConnections');
  });
});

describe('maxMessageBytes', () => {
  it('is SendGrid’s SIZE by default, without a warning', () => {
    const { maxMessageBytes, warnings } = resolveWith();

    expect(maxMessageBytes).toBe(31_457_280);
    expect(warnings).toEqual([]);
  });

  it('warns above the documented figure when it is set', () => {
    expect(resolveWith({ maxMessageBytes: 20_000_000 }).warnings).toEqual([]);
    expect(resolveWith({ maxMessageBytes: 20_000_001 }).warnings).toEqual([
      '`maxMessageBytes` is 20000001: SendGrid documents 20,000,000 bytes for a whole message',
    ]);
  });

  it.each([0, 1.5, '1'])('refuses %j', (maxMessageBytes) => {
    expect(problemWith({ maxMessageBytes }).option).toBe('maxMessageBytes');
  });
});

describe('words', () => {
  it.each([
    ['mode', ['smtp', 'capture', 'discard'], ['SMTP', true, 5]],
    ['verifyOnStart', [false, 'warn', 'fail'], [true, 'error', 0]],
    ['showRecipients', [true, false], ['yes', 0]],
  ])('of %s', (name, accepted, refused) => {
    for (const word of accepted)
      expect(resolveWith({ [name]: word })).toMatchObject({ [name]: word });
    for (const word of refused)
      expect(problemWith({ [name]: word })).toMatchObject({
        option: name,
        problem: expect.stringContaining(`got ${JSON.stringify(word)}`),
      });
  });

  it.each([
    ['queue.whenFull', ['reject', 'wait'], ['drop', true]],
    [
      'pool.pipelining',
      ['auto', 'envelope', 'oneflight', 'off'],
      [false, 'on'],
    ],
  ])('of %s', (path, accepted, refused) => {
    for (const word of accepted)
      expect(resolveWith(at(path, word))).toMatchObject(at(path, word));
    for (const word of refused)
      expect(problemWith(at(path, word)).option).toBe(path);
  });
});

describe('shutdown.onReport', () => {
  it('is a function or absent', () => {
    expect(resolveWith({ shutdown: { onReport } }).shutdown.onReport).toBe(
      onReport,
    );
    expect(problemWith({ shutdown: { onReport: 'log' } }).option).toBe(
      'shutdown.onReport',
    );
  });
});
