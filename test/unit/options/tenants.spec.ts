import { describe, expect, it, vi } from 'vitest';

import type { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { ResolvedOptions } from '../../../lib/options/resolved-options.js';

const KEY = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;
const OTHER_KEY = `SG.${'c'.repeat(22)}.${'d'.repeat(43)}`;

const INSTANCE = {
  apiKey: KEY,
  defaults: {
    from: 'Shop <hello@shop.example>',
    replyTo: 'help@shop.example',
    headers: { 'X-Team': 'shop', 'X-Region': 'eu' },
  },
  pool: { maxConnections: 5, maxConnecting: 2 },
  allowedFrom: ['shop.example'],
  rateLimit: { messages: 10, perMs: 1000 },
};

/** The options of tenant `acme`, which has `own`. */
function tenant(own: unknown, instance: object = INSTANCE): ResolvedOptions {
  return tenantNamed('acme', own, instance);
}

function tenantNamed(
  id: string,
  own: unknown,
  instance: object = INSTANCE,
): ResolvedOptions {
  const { tenants } = resolveOptions({ ...instance, tenants: () => own });
  if (tenants === undefined) throw new Error('there are no tenants');
  return tenants.of(id);
}

function errorOf(make: () => unknown): InvalidOptionsError {
  try {
    make();
  } catch (error) {
    return error as InvalidOptionsError;
  }
  throw new Error('nothing was thrown');
}

describe('the options of a tenant', () => {
  it('are those of the instance but for the key', () => {
    const options = tenant({ apiKey: OTHER_KEY });
    const { relay, defaults, pool, rateLimit } = options;

    expect(relay.apiKey?.reveal()).toBe(OTHER_KEY);
    expect(relay.ehloName).toBe('shop.example');
    expect(defaults).toMatchObject(INSTANCE.defaults);
    expect(pool).toMatchObject(INSTANCE.pool);
    expect(rateLimit).toEqual(INSTANCE.rateLimit);
    expect(options.allowedFrom?.matches('a@shop.example')).toBe(true);
    expect(options.tenants).toBeUndefined();
  });

  it('lay defaults over them field by field, and headers one by one', () => {
    const { defaults, relay } = tenant({
      apiKey: OTHER_KEY,
      defaults: {
        from: 'acme@acme.example',
        replyTo: null,
        cc: undefined,
        headers: { 'x-team': 'acme', 'X-Region': null, 'X-New': '1' },
      },
    });

    expect(defaults).toEqual({
      from: 'acme@acme.example',
      headers: { 'x-team': 'acme', 'X-New': '1' },
    });
    expect(relay.ehloName).toBe('acme.example');
  });

  it('lay `sendgrid` over theirs field by field', () => {
    const sendgrid = { categories: ['shop'], ipPoolName: 'shop', batchId: 'b' };
    const instance = { ...INSTANCE, defaults: { sendgrid } };
    const own = { categories: ['acme'], ipPoolName: null, batchId: undefined };

    const { defaults } = tenant(
      { apiKey: OTHER_KEY, defaults: { sendgrid: own } },
      instance,
    );
    const without = tenant(
      { apiKey: OTHER_KEY, defaults: { sendgrid: null } },
      instance,
    );

    expect(defaults).toEqual({
      sendgrid: { categories: ['acme'], batchId: 'b' },
    });
    expect(without.defaults).toEqual({});
  });

  it('lay pool over them option by option, and replace all else', () => {
    const options = tenant({
      apiKey: OTHER_KEY,
      region: 'eu',
      pool: { maxConnections: 2, maxConnecting: undefined },
      allowedFrom: ['acme.example'],
    });

    expect(options.pool).toMatchObject({ maxConnections: 2, maxConnecting: 2 });
    expect(options.relay.host).toBe('smtp.eu.sendgrid.net');
    expect(options.allowedFrom?.matches('a@shop.example')).toBe(false);
    expect(options.allowedFrom?.matches('a@acme.example')).toBe(true);
  });

  it('are asked for anew whenever they are needed', () => {
    const ask = vi.fn<(id: string) => object>(() => ({ apiKey: OTHER_KEY }));
    const { tenants } = resolveOptions({ ...INSTANCE, tenants: ask });
    expect(ask).not.toHaveBeenCalled();
    tenants?.of('acme');
    tenants?.of('acme');

    expect(ask.mock.calls).toEqual([['acme'], ['acme']]);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no key', {}, "tenants('acme').apiKey", /is required/],
    [
      'a key with a blank',
      { apiKey: 'a b' },
      "tenants('acme').apiKey",
      /white/,
    ],
    ['nothing', undefined, "tenants('acme')", /gave no object of options/],
    [
      'a promise',
      Promise.resolve({ apiKey: OTHER_KEY }),
      "tenants('acme')",
      /gave a promise: .*`apiKey: async/,
    ],
    [
      'an option that tenants share',
      { apiKey: OTHER_KEY, rateLimit: { messages: 1, perMs: 1 } },
      "tenants('acme').rateLimit",
      /set it for the instance/,
    ],
    [
      'tenants of its own',
      { apiKey: OTHER_KEY, tenants: () => ({}) },
      "tenants('acme').tenants",
      /set it for the instance/,
    ],
    [
      'a name that is none',
      { apiKey: OTHER_KEY, regoin: 'eu' },
      "tenants('acme').regoin",
      /did you mean `region`/,
    ],
    [
      'a pool that is none',
      { apiKey: OTHER_KEY, pool: 7 },
      "tenants('acme').pool",
      /must be an object/,
    ],
    [
      'recipients as defaults',
      { apiKey: OTHER_KEY, defaults: { to: 'ada@example.com' } },
      "tenants('acme').defaults.to",
      /must not be set/,
    ],
  ])('are refused with the name of the tenant: %s', (_, own, option, text) => {
    const error = errorOf(() => tenant(own));

    expect(error).toMatchObject({ code: 'INVALID_OPTIONS' });
    expect(error.problems).toEqual([
      { option, problem: expect.stringMatching(text) },
    ]);
  });

  it('are refused as a promise, of which a failure goes unheard', () => {
    const error = errorOf(() => tenant(Promise.reject(new Error('Late'))));

    expect(error.message).toContain('gave a promise');
  });

  it('are refused when the function fails, without a secret', () => {
    const options = resolveOptions({
      ...INSTANCE,
      tenants: () => {
        throw new RangeError(`No such tenant, ${KEY}`);
      },
    });
    const error = errorOf(() => options.tenants?.of('acme'));

    expect(error.message).toContain(
      "`tenants('acme')` failed: RangeError: No such tenant",
    );
    expect(error.message).not.toContain('SG.a');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it.each([
    ['x'.repeat(200), /tenants\('x{40}\.\.\.'\)/],
    [KEY, /tenants\('\[redacted\]'\)/],
    ['a\r\n`b`', /tenants\('a\\r\\n'b''\)/],
  ])('show an odd id safely', (id, shown) => {
    const error = errorOf(() => tenantNamed(id, {}));

    expect(error.message).toMatch(shown);
    expect(error.message).not.toContain('SG.');
  });
});

describe('the options of an instance with tenants', () => {
  const tenants = (): object => ({});

  it('need no key of their own, and then keep no connection open', () => {
    const options = resolveOptions({ tenants, pool: { minConnections: 2 } });

    expect(options.relay.apiKey).toBeUndefined();
    expect(options.pool.minConnections).toBe(0);
    expect(
      tenant({ apiKey: KEY }, { pool: { minConnections: 2 } }).pool,
    ).toEqual(expect.objectContaining({ minConnections: 2 }));
  });

  it('keep 100 pools unless told otherwise', () => {
    expect(resolveOptions({ tenants }).tenants?.max).toBe(100);
    expect(resolveOptions({ tenants, maxTenants: 3 }).tenants?.max).toBe(3);
  });

  it.each([
    [{ tenants: {} }, 'tenants'],
    [{ tenants, maxTenants: 0 }, 'maxTenants'],
    [{ tenants, maxTenants: 1.5 }, 'maxTenants'],
  ])('are checked: %j', (options, option) => {
    const error = errorOf(() => resolveOptions({ apiKey: KEY, ...options }));

    expect(error.problems).toMatchObject([{ option }]);
  });
});
