import { inspect } from 'node:util';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { KEY, refusal, resolveWith } from './support/problems.js';

const LETTERS =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const GROUPS = {
  pool: ['maxConnections', 'minConnections', 'idleTimeoutMs', 'pipelining'],
  queue: ['maxMessages', 'whenFull', 'failFastAfterMs'],
  timeouts: ['connectMs', 'acceptMs'],
  tls: ['ca', 'servername', 'minVersion', 'rejectUnauthorized'],
  shutdown: ['timeoutMs', 'onReport'],
  defaults: ['from', 'to', 'headers', 'normalizeHeaderKey', 'replyTo'],
  dkim: ['domainName', 'privateKey', 'keys'],
};
const NAMES = [
  'mode',
  'apiKey',
  'region',
  'host',
  'port',
  'security',
  'ehloName',
  'maxMessageBytes',
  'plugins',
  'showRecipients',
  'verifyOnStart',
  'auth',
  'password',
].concat(Object.keys(GROUPS));

interface Leaked {
  readonly id: string;
  readonly secret: string;
}

const keys: fc.Arbitrary<Leaked> = fc.record({
  id: letters(22),
  secret: letters(43),
});

/** Every form in which an option may hold the key. */
function forms({ id, secret }: Leaked): fc.Arbitrary<string> {
  const key = `SG.${id}.${secret}`;
  const base64 = Buffer.from(key).toString('base64');
  return fc.oneof(
    fc
      .tuple(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }))
      .map(([before, after]) => `${before}${key}${after}`),
    fc.constantFrom(
      key,
      `${key}\n`,
      `${key.slice(0, 40)}\n${key.slice(40)}`,
      base64,
      `smtp://apikey:${key}@smtp.sendgrid.net`,
      Buffer.from(`apikey:${key}`).toString('base64'),
      Buffer.from(`\0apikey\0${key}`).toString('base64'),
    ),
  );
}

function options(leaked: Leaked): fc.Arbitrary<object> {
  const text = forms(leaked);
  const leaf = fc.oneof(
    text,
    fc.dictionary(text, text, { maxKeys: 2 }),
    fc.array(text, { maxLength: 2 }),
    fc.integer(),
    fc.constant(null),
    text.map((step) => [{ step, [step]: step }]),
  );
  const group = (names: readonly string[]): fc.Arbitrary<object> =>
    fc.dictionary(fc.oneof(fc.constantFrom(...names), text), leaf, {
      maxKeys: 4,
    });
  const nested = Object.entries(GROUPS).map(([name, names]) =>
    group(names).map((value) => ({ [name]: value })),
  );
  return fc
    .tuple(group(NAMES), fc.array(fc.oneof(...nested), { maxLength: 4 }))
    .map(([root, groups]) => Object.assign({}, root, ...groups) as object);
}

function letters(length: number): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...LETTERS.split('')), {
      minLength: length,
      maxLength: length,
    })
    .map((list) => list.join(''));
}

/** Everything that a log could show of an error. */
function printed(error: Error): string {
  return [
    error.message,
    error.stack,
    String(error),
    inspect(error, { depth: 20, showHidden: true }),
    JSON.stringify(error),
    JSON.stringify(Object.getOwnPropertyDescriptors(error)),
  ].join('\n');
}

/** The key's parts, and pieces of every base64 form of it. */
function traces({ id, secret }: Leaked): string[] {
  const key = `SG.${id}.${secret}`;
  const encoded = [key, `apikey:${key}`, `\0apikey\0${key}`].map((text) =>
    Buffer.from(text).toString('base64').slice(14, 30),
  );
  return [id, secret, id.slice(0, 12), secret.slice(0, 12), ...encoded];
}

describe('a key', { timeout: 30_000 }, () => {
  it('never shows in an error, wherever in the options it stands', () => {
    let refused = 0;
    const sample = keys.chain((leaked) =>
      fc.tuple(fc.constant(leaked), options(leaked)),
    );
    fc.assert(
      fc.property(sample, ([leaked, input]) => {
        const shown = attempt(input);
        if (shown !== '') refused += 1;
        for (const trace of traces(leaked)) expect(shown).not.toContain(trace);
        expect(shown).not.toMatch(/SG\.[\w-]/);
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  it('of an odd shape shows neither whole nor in part', () => {
    const apiKey = 'odd-key-0123456789-abcdefghijklmnopqrstuvwxyz-9876543210';
    const inputs = [
      { host: `smtp://${apiKey}` },
      { host: `${apiKey.slice(0, 30)} ` },
      { mode: apiKey },
      { mode: apiKey.slice(8, 30) },
      { mode: apiKey.toUpperCase() },
      { pool: { [apiKey]: 1 } },
    ];
    for (const input of inputs) {
      const shown = printed(refusal({ apiKey, ...input })).toLowerCase();
      expect(shown).not.toContain('0123456789');
    }
  });

  it('does not hide values that have nothing to do with it', () => {
    const { message } = refusal({
      apiKey: KEY,
      mode: 'smpt',
      host: '10.0.0.1',
    });

    expect(message).toContain('got "smpt"');
    expect(message).toContain('got "10.0.0.1"');
  });

  it('does not show in the resolved options', () => {
    const resolved = resolveWith({ maxMessageBytes: 30_000_000 });

    const shown = [
      inspect(resolved, { depth: 20, showHidden: true }),
      JSON.stringify(resolved),
      String(resolved.relay.apiKey),
      JSON.stringify(Object.getOwnPropertyDescriptors(resolved.relay)),
    ].join('\n');

    expect(shown).toContain('smtp.sendgrid.net');
    expect(shown).not.toContain(KEY.slice(0, 12));
    expect(shown).not.toContain(KEY.slice(-12));
  });
});

function attempt(input: object): string {
  try {
    const resolved = resolveOptions(input);
    return resolved.warnings.join('\n');
  } catch (error) {
    if (error instanceof InvalidOptionsError) return printed(error);
    throw error;
  }
}
