import { describe, expect, it, vi } from 'vitest';

import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { KEY, refusal, resolveWith } from './support/problems.js';

function problemOf(apiKey: unknown): string {
  const { problems } = refusal({ apiKey });
  expect(problems).toHaveLength(1);
  expect(problems[0]?.option).toBe('apiKey');
  return problems[0]?.problem ?? '';
}

describe('apiKey', () => {
  it('is held by a secret', () => {
    const { relay, warnings } = resolveWith();

    expect(relay.apiKey?.reveal()).toBe(KEY);
    expect(warnings).toEqual([]);
  });

  it.each([{}, { apiKey: undefined }, { apiKey: '' }, { apiKey: ' \n' }])(
    'is required to send: %j',
    (options) => {
      const { problems } = refusal(options);

      expect(problems).toHaveLength(1);
      expect(problems[0]?.option).toBe('apiKey');
      expect(problems[0]?.problem).toMatch(/is required.*SENDGRID_API_KEY/);
    },
  );

  it.each([
    ['leading', ` ${KEY}`, /has leading blanks/],
    ['leading line feed', `\n${KEY}`, /has leading white space with a line/],
    ['trailing', `${KEY} `, /has trailing blanks/],
    ['trailing line feed', `${KEY}\n`, /has trailing white space with a line/],
    ['inner', `${KEY.slice(0, 30)} ${KEY.slice(30)}`, /has inner blanks/],
    [
      'inner CRLF',
      `${KEY.slice(0, 30)}\r\n${KEY.slice(30)}`,
      /has inner white/,
    ],
    ['around', `\t${KEY}\t`, /has leading and trailing blanks/],
  ])('is refused with white space, saying where: %s', (_, key, place) => {
    const problem = problemOf(key);

    expect(problem).toMatch(place);
    expect(problem).toMatch(/line-wrapped or newline-terminated secret/);
  });

  it.each([
    [
      'base64 of "apikey:" and the key',
      base64(`apikey:${KEY}`),
      /base64 of user/,
    ],
    ['base64 of AUTH PLAIN', base64(`\0apikey\0${KEY}`), /base64 of user/],
    ['base64 of the key', base64(KEY), /base64 form of a key/],
    ['a key ID', KEY.split('.')[1], /is the ID of a key, not the key/],
    ['a control character', `${KEY}\u0007`, /printable ASCII/],
    ['NUL', `${KEY}\0`, /printable ASCII/],
    ['a non-ASCII letter', `${KEY}é`, /printable ASCII/],
    ['a zero-width blank', `${KEY}\u200B`, /printable ASCII/],
    ['a promise', Promise.resolve(KEY), /or a function.*type is object/],
    ['a number', 5, /must be a string.*type is number/],
    ['null', null, /must not be null: leave it out for the default/],
  ])('is refused with an explanation when it is %s', (_, key, reason) => {
    expect(problemOf(key)).toMatch(reason);
  });

  it.each(['smtp', 'capture'])('is asked for later in mode %s', (mode) => {
    const ask = vi.fn(() => KEY);
    const { relay, warnings } = resolveOptions({ mode, apiKey: ask });

    expect(relay.apiKey?.reveal()).toBe(ask);
    expect(ask).not.toHaveBeenCalled();
    expect(warnings).toEqual([]);
  });

  it.each(['my-key', `"${KEY}"`, `${KEY}x`, KEY.slice(0, -1), 'apikey'])(
    'of another odd shape only warns: %s',
    (apiKey) => {
      const { relay, warnings } = resolveOptions({ apiKey });

      expect(relay.apiKey?.reveal()).toBe(apiKey);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/does not look like a SendGrid API key/);
      expect(warnings[0]).not.toContain(apiKey);
    },
  );

  it.each(['capture', 'discard'])('is not needed to %s', (mode) => {
    for (const apiKey of [undefined, '']) {
      const { relay, warnings } = resolveOptions({ mode, apiKey });
      expect(relay.apiKey).toBeUndefined();
      expect(warnings).toEqual([]);
    }
  });

  it.each(['capture', 'discard'])('is validated to %s too', (mode) => {
    const { problems } = refusal({
      mode,
      apiKey: `${KEY}\n`,
      host: '10.0.0.1',
    });

    expect(problems.map(({ option }) => option)).toEqual(['apiKey', 'host']);
  });
});

function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}
