import { describe, expect, it } from 'vitest';

import { editDistance } from '../../../lib/options/edit-distance.js';
import { KEY, problemsWith, problemWith, refusal } from './support/problems.js';

const VALUE = 'value-that-is-not-printed';

/** Builds nested options from a path. */
function at(path: string, value: unknown = VALUE): Record<string, unknown> {
  const [head = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? value : at(rest.join('.'), value);
  return Object.fromEntries([[head, inner]]);
}

describe('unknown names', () => {
  it.each([
    ['prot', 'port'],
    ['hosts', 'host'],
    ['HOST', 'host'],
    ['verify_on_start', 'verifyOnStart'],
    ['timeout', 'timeouts'],
    ['pool.maxConnection', 'pool.maxConnections'],
    ['pool.max-connections', 'pool.maxConnections'],
    ['queue.maxMesages', 'queue.maxMessages'],
    ['timeouts.conectMs', 'timeouts.connectMs'],
    ['tls.serverName', 'tls.servername'],
    ['shutdown.timeout', 'shutdown.timeoutMs'],
    ['maxConnections', 'pool.maxConnections'],
    ['whenFull', 'queue.whenFull'],
    ['tls.port', 'port'],
  ])('%s is refused and %s offered', (path, right) => {
    const { option, problem } = problemWith(at(path));

    expect(option).toBe(path);
    expect(problem).toBe(`is not an option: did you mean \`${right}\`?`);
  });

  it.each([
    ['auth', '`apiKey`'],
    ['user', '`apiKey`'],
    ['username', '`apiKey`'],
    ['pass', '`apiKey`'],
    ['password', '`apiKey`'],
    ['apikey', '`apiKey`'],
    ['API_KEY', '`apiKey`'],
    ['secure', '`security`'],
    ['transport', '`host`'],
    ['from', '`defaults.from`'],
    ['pool.maxMessages', '`pool.maxMessagesPerConnection`'],
    ['rejectUnauthorized', '`tls.ca`'],
    ['tls.rejectUnauthorized', '`tls.ca`'],
    ['connectionTimeout', '`timeouts.connectMs`'],
  ])('%s from elsewhere is refused and %s offered', (path, right) => {
    const { option, problem } = problemWith(at(path));

    expect(option).toBe(path);
    expect(problem).toMatch(/^is not an option: /);
    expect(problem).toContain(right);
    expect(problem).not.toContain(VALUE);
  });

  it.each(['backoff', 'accounts'])(
    '%s is refused with the names there are',
    (name) => {
      expect(problemWith({ [name]: VALUE }).problem).toMatch(
        /^is not an option; the options here are `mode`, `apiKey`, /,
      );
    },
  );

  it('are refused in plugin entries', () => {
    const entry = { step: 'compile', plugin: () => undefined, steps: VALUE };

    expect(problemWith({ plugins: [entry] })).toEqual({
      option: 'plugins[0].steps',
      problem: 'is not an option: did you mean `plugins[0].step`?',
    });
  });

  it('are offered although their group is unusable', () => {
    const problems = problemsWith({ pool: null, maxConnections: 2 });

    expect(problems[0]?.problem).toContain('`pool.maxConnections`');
  });

  it.each(['', 'pool', 'queue', 'timeouts', 'tls', 'shutdown'])(
    'of the language are refused like any other in %j',
    (group) => {
      const names = ['__proto__', 'constructor', 'take', 'toString'];
      const own = JSON.parse(
        `{${names.map((name) => `"${name}":{"port":1}`).join(',')}}`,
      ) as object;
      const input = group === '' ? own : { [group]: own };
      const key = { value: KEY };

      const { problems } = refusal(Object.defineProperty(input, 'apiKey', key));

      expect(problems.map(({ option }) => option)).toEqual(
        names.map((name) => (group === '' ? name : `${group}.${name}`)),
      );
    },
  );

  it('are printed on one line and shortened', () => {
    const name = `a\r\n\`b${'x'.repeat(5000)}`;

    const { option, problem } = problemWith({ [name]: 1 });

    expect(option.length).toBeLessThan(50);
    expect(option).not.toMatch(/[\r\n`]/);
    expect(problem).not.toContain('xxx');
  });
});

describe('editDistance', () => {
  it.each([
    ['port', 'port', 0],
    ['prot', 'port', 1],
    ['por', 'port', 1],
    ['ports', 'port', 1],
    ['part', 'port', 1],
    ['', 'port', 4],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });
});
