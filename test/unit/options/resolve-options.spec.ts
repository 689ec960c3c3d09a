import { describe, expect, it } from 'vitest';

import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { SendGridSmtpOptions } from '../../../lib/options/sendgrid-smtp-options.js';
import { CERTIFICATE, PRIVATE_KEY } from './support/pem.js';
import { KEY, problemsWith, refusal, resolveWith } from './support/problems.js';

// As promise libraries make them, which are no instances of Promise.
const thenable = { [['th', 'en'].join('')]: () => undefined };

const GROUPS = [
  'redirect',
  'tls',
  'defaults',
  'pool',
  'queue',
  'rateLimit',
  'guards',
  'timeouts',
  'shutdown',
];

describe('resolveOptions', () => {
  it('applies every default', () => {
    const { relay, ...others } = resolveOptions({ apiKey: KEY });

    expect({ ...relay, apiKey: undefined }).toEqual({
      host: 'smtp.sendgrid.net',
      port: 587,
      security: 'starttls',
      apiKey: undefined,
      ehloName: '[127.0.0.1]',
      tls: { ca: undefined, servername: undefined, minVersion: 'TLSv1.2' },
    });
    expect(others).toEqual({
      mode: 'smtp',
      attachments: {
        directory: undefined,
        urls: undefined,
        urlTimeoutMs: 10_000,
      },
      allowedFrom: undefined,
      redirect: undefined,
      defaults: {},
      pool: {
        maxConnections: 10,
        minConnections: 0,
        maxMessagesPerConnection: 5000,
        maxConnecting: 8,
        idleTimeoutMs: 30_000,
        maxLifetimeMs: 600_000,
        pipelining: 'auto',
      },
      queue: {
        maxMessages: 10_000,
        maxBytes: 64 * 1024 * 1024,
        maxStreamBytes: 1024 * 1024,
        whenFull: 'reject',
        failFastAfterMs: 5000,
      },
      rateLimit: undefined,
      retry: {
        maxAttempts: 5,
        baseDelayMs: 1000,
        maxDelayMs: 60_000,
        maxAgeMs: { urgent: 30_000, normal: 30_000, bulk: 300_000 },
        maxHoldMs: 3_600_000,
        onUnknown: 'fail',
        reconcileMs: 300_000,
      },
      guards: { perRecipient: undefined, total: undefined },
      timeouts: {
        connectMs: 10_000,
        greetingMs: 30_000,
        commandMs: 60_000,
        acceptMs: 600_000,
      },
      correlation: true,
      maxMessageBytes: 31_457_280,
      plugins: [],
      dkim: undefined,
      shutdown: { timeoutMs: 10_000, onReport: undefined },
      showRecipients: false,
      verifyOnStart: false,
      warnings: [],
    });
  });

  it('takes undefined as absent, at every level', () => {
    const absent = { port: undefined, pool: { maxConnections: undefined } };

    expect(resolveWith({ ...absent, queue: undefined })).toEqual(resolveWith());
  });

  it('accepts every option of the documented type', () => {
    const options: SendGridSmtpOptions = {
      mode: 'smtp',
      apiKey: KEY,
      region: 'eu',
      host: 'localhost',
      port: 1025,
      security: 'starttls',
      tls: { ca: CERTIFICATE, servername: 'a.example', minVersion: 'TLSv1.3' },
      ehloName: 'app.example',
      defaults: {
        from: { name: 'Shop', email: 'hello@shop.example' },
        replyTo: ['a@shop.example', { address: 'b@shop.example' }],
        headers: { 'X-App': 'shop' },
      },
      allowedFrom: ['shop.example'],
      redirect: { to: 'qa@shop.example', except: ['@team.example'] },
      guards: { total: { messages: 1, perMs: 1, onExceeded: 'warn' } },
      pool: { maxConnections: 2, pipelining: 'off' },
      queue: { maxMessages: 5, whenFull: 'wait' },
      rateLimit: { messages: 100, perMs: 1000 },
      maxMessageBytes: 1000,
      timeouts: { connectMs: 1 },
      plugins: [{ step: 'compile', plugin: (_, done) => done() }],
      dkim: { domainName: 'a', keySelector: 'b', privateKey: PRIVATE_KEY },
      shutdown: { timeoutMs: 0, onReport: () => undefined },
      verifyOnStart: 'warn',
    };

    const { relay, pool, verifyOnStart } = resolveOptions(options);

    expect(relay).toMatchObject({ host: 'localhost', ehloName: 'app.example' });
    expect(pool).toMatchObject({ maxConnections: 2, maxConnecting: 8 });
    expect(verifyOnStart).toBe('warn');
  });

  it('accepts an instance of a class and a hidden key', () => {
    class AppOptions {
      readonly port = 465;
    }
    const options = Object.defineProperty(new AppOptions(), 'apiKey', {
      value: KEY,
    });

    const { relay } = resolveOptions(options);

    expect(relay.apiKey?.reveal()).toBe(KEY);
    expect(relay.port).toBe(465);
  });

  it('ignores inherited values', () => {
    const { problems } = refusal(Object.create({ apiKey: KEY }));

    expect(problems.map(({ option }) => option)).toEqual(['apiKey']);
  });

  it('freezes what it returns and nothing of the user', () => {
    const headers = { 'X-App': 'shop' };
    const defaults = { from: 'a@shop.example', headers };
    const plugins = [{ step: 'compile', plugin: () => undefined }];
    const dkim = { domainName: 'a', keySelector: 'b', privateKey: PRIVATE_KEY };
    const ca = [CERTIFICATE];
    const input = { apiKey: KEY, defaults, plugins, dkim, tls: { ca } };

    const resolved = resolveOptions(input);

    const { relay, pool, queue, timeouts, shutdown } = resolved;
    const ours = [resolved, relay, relay.tls, pool, queue, timeouts, shutdown];
    const lists = [resolved.defaults, resolved.plugins, resolved.warnings];
    expect([...ours, ...lists].map(Object.isFrozen)).not.toContain(false);
    const theirs = [input, defaults, headers, plugins, plugins[0], dkim, ca];
    expect(theirs.map(Object.isFrozen)).not.toContain(true);
  });

  it('is not changed by later changes of what was given', () => {
    const input = { apiKey: KEY, pool: { maxConnections: 2 }, defaults: {} };

    const resolved = resolveOptions(input);
    input.pool.maxConnections = 3;
    Object.assign(input.defaults, { to: 'a@shop.example' });

    expect(resolved.pool.maxConnections).toBe(2);
    expect(resolved.defaults).toEqual({});
  });

  it('reports every problem in one error, in the order of the options', () => {
    const error = refusal({
      verifyOnStart: 'maybe',
      pool: { maxConnections: 0 },
      host: '10.0.0.1',
    });

    expect(error.code).toBe('INVALID_OPTIONS');
    expect(error.problems.map(({ option }) => option)).toEqual([
      'apiKey',
      'host',
      'pool.maxConnections',
      'verifyOnStart',
    ]);
    for (const { option, problem } of error.problems)
      expect(error.message).toContain(`\`${option}\` ${problem}`);
  });

  it.each(GROUPS)('refuses null for the group %s', (group) => {
    expect(problemsWith({ [group]: null })).toEqual([
      {
        option: group,
        problem: 'must not be null: leave it out for the default',
      },
    ]);
  });

  it.each(GROUPS)('refuses what is no object for the group %s', (group) => {
    const values = [true, 'x', 5, [], new Map(), new Date(), () => undefined];
    for (const value of [...values, Promise.resolve({})])
      expect(problemsWith({ [group]: value })).toEqual([
        {
          option: group,
          problem: expect.stringMatching(/^must be an object of options, got /),
        },
      ]);
  });

  it.each(['mode', 'region', 'host', 'security', 'plugins', 'dkim', 'port'])(
    'refuses null for %s',
    (name) => {
      expect(problemsWith({ [name]: null })).toEqual([
        {
          option: name,
          problem: 'must not be null: leave it out for the default',
        },
      ]);
    },
  );

  it.each([
    ['undefined', undefined, /got undefined: does the factory return/],
    ['null', null, /got null/],
    ['a string', KEY, /got a string/],
    ['a number', 5, /got a number/],
    ['a list', [{ apiKey: KEY }], /got a list/],
    ['a function', () => ({}), /got a function/],
    ['a promise', Promise.resolve({}), /got a promise: await it/],
    ['a thenable', thenable, /got a promise: await it/],
    ['a Map', new Map(), /got an object of another kind/],
  ])('refuses %s in place of the options', (_, input, reason) => {
    const { problems } = refusal(input);

    expect(problems).toEqual([
      { option: 'options', problem: expect.stringMatching(reason) },
    ]);
  });

  it('refuses values that cannot be compared or printed', () => {
    for (const odd of [Object.create(null), Symbol('odd'), 10n]) {
      const pool = { maxConnections: odd, minConnections: odd };
      const tls = { ca: odd, servername: odd, minVersion: odd };
      const relay = { host: odd, port: odd, region: odd, security: odd };
      expect(
        problemsWith({
          mode: odd,
          ...relay,
          tls,
          pool,
          defaults: { from: odd },
        }),
      ).toHaveLength(11);
    }
  });

  it('shortens long values', () => {
    const [problem] = problemsWith({ mode: 'x'.repeat(5000) });

    expect(problem?.problem.length).toBeLessThan(150);
  });
});
