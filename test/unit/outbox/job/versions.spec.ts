import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { JobCipher } from '../../../../lib/outbox/job/job-cipher.js';
import { decode, encode } from './jobs.js';
import { FIRST_CIPHER, FIRST_MESSAGE } from './first-version.js';

// Jobs as version 1 stored them. They stay readable for good: when a version 2
// comes, this file and what is expected of it do not change.
const FIRST = JSON.parse(
  readFileSync('test/fixtures/outbox/jobs-v1.json', 'utf8'),
) as Record<'clear' | 'sealed' | 'erased', Record<string, unknown>>;

const LABEL = { environment: 'production', lane: 'bulk' };

function refusal(job: unknown): string | undefined {
  const decoded = decode(job);
  return decoded.kind === 'invalid' ? decoded.reason : undefined;
}

describe('a job of version 1', () => {
  it.each(['clear', 'sealed'] as const)('is read when %s', (form) => {
    const cipher = new JobCipher(FIRST_CIPHER);

    const decoded = decode(FIRST[form], { cipher, jobId: 'm-first' });

    expect(decoded).toEqual({
      kind: 'ok',
      ...LABEL,
      id: 'order:1',
      tenant: 'acme',
      message: FIRST_MESSAGE,
    });
  });

  it('is read when erased', () => {
    expect(decode(FIRST.erased)).toEqual({ kind: 'erased', ...LABEL });
  });
});

describe('a job that this version did not make', () => {
  it.each([2, 3, 1000])('is left to newer workers from version %i on', (v) => {
    const job = { ...FIRST.clear, v, body: { of: 'another kind' } };

    expect(decode(job)).toEqual({ kind: 'newer', version: v });
  });

  it.each([undefined, null, '1', 0, -1, 1.5, '__proto__', {}])(
    'is invalid with %j as version',
    (v) => {
      expect(refusal({ ...FIRST.clear, v })).toMatch(/version/);
    },
  );

  it.each([
    [null, /no object/],
    [[], /no object/],
    [{ ...FIRST.clear, lane: 'fast' }, /lane/],
    [{ ...FIRST.clear, environment: 7 }, /environment/],
    [{ v: 1, ...LABEL }, /no body/],
    [{ v: 1, ...LABEL, key: 'k' }, /no body/],
    [{ v: 1, ...LABEL, body: '{"message":' }, /no JSON/],
    [{ v: 1, ...LABEL, body: '[]' }, /no JSON object/],
    [{ v: 1, ...LABEL, body: '{"id":7,"message":{}}' }, /names/],
    [{ v: 1, ...LABEL, body: '{}' }, /`message`/],
  ])('is invalid as %j', (job, expected) => {
    expect(refusal(job)).toMatch(expected);
  });

  it.each([
    ['{"x":1}', /`x` is no field/],
    ['{"attachments":[{"path":"/etc/passwd"}]}', /path` points to/],
    ['{"text":{"$function":"x"}}', /`text` is marked/],
    ['{"text":{"$buffer":7}}', /`text` is marked/],
    ['{"date":{"$date":"x"}}', /`date` is marked/],
    ['{"date":{"$date":1e300}}', /`date`.*invalid date/],
    ['{"sendgrid":{"$a":1,"b":2}}', /`sendgrid\.\$a` has a reserved name/],
    ['{"sendgrid":{"__proto__":{}}}', /`sendgrid.__proto__` has a reserved/],
    [`{"to":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, /`to.*` is nested/],
  ])('is invalid with a message it cannot have stored', (message, expected) => {
    const body = `{"message":${message}}`;

    expect(refusal({ v: 1, ...LABEL, body })).toMatch(expected);
  });

  it('is some kind of job, whatever it is', () => {
    const job = fc.oneof(
      fc.anything(),
      fc.record({
        v: fc.constantFrom(1, 2),
        environment: fc.string(),
        lane: fc.constantFrom('normal', 'bulk'),
        body: fc.json().map((message) => `{"message":${message}}`),
      }),
    );

    fc.assert(
      fc.property(job, (any) => {
        const data: unknown = any;
        let stored: unknown;
        try {
          stored = JSON.parse(JSON.stringify(data) ?? 'null');
        } catch {
          stored = null;
        }

        expect(decode(stored).kind).toMatch(/^(ok|newer|invalid)$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('is told without its content', () => {
    const body = '{"message":{"to":"ada@example.com", broken';

    expect(refusal({ ...encode({}), body })).not.toContain('ada');
  });
});
