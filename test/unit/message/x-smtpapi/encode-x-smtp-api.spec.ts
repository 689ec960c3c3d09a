import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import MimeNode from 'nodemailer/lib/mime-node';
import { describe, expect, it } from 'vitest';

import { encodeXSmtpApi } from '../../../../lib/message/x-smtpapi/encode-x-smtp-api.js';
import type { XSmtpApi } from '../../../../lib/message/x-smtpapi/x-smtp-api.js';
import { refusalOf } from '../refusal.js';
import { FoldPlaces } from './fold-places.js';
import { smtpApiValue, unfold } from './unfold.js';
import { xSmtpApi } from './x-smtp-api.arbitrary.js';

const NAME = 'X-SMTPAPI: ';
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.info(`seed ${SEED} (set SEED to repeat)`);
const RUNS = { numRuns: 500, seed: SEED };

const RECEIPT: XSmtpApi = {
  category: ['receipts'],
  unique_args: { msg: '01J9Z3', tenant: 'acme' },
  asm_group_id: 1234,
  filters: { clicktrack: { settings: { enable: 0, enable_text: false } } },
};

function linesOf(api: XSmtpApi): string[] {
  return (NAME + encodeXSmtpApi(api)).split('\r\n');
}

describe('encodeXSmtpApi', () => {
  it('writes compact JSON', () => {
    const value = encodeXSmtpApi({ category: 'receipts', send_at: 1 });

    expect(value).toBe('{"category":"receipts","send_at":1}');
  });

  it('folds between tokens, never before punctuation that ends one', () => {
    expect(linesOf(RECEIPT)).toEqual([
      'X-SMTPAPI: {"category":["receipts"],"unique_args":{"msg":"01J9Z3","tenant":',
      ' "acme"},"asm_group_id":1234,"filters":{"clicktrack":{"settings":{"enable":',
      ' 0,"enable_text":false}}}}',
    ]);
  });

  it('folds a string that is longer than a line before its spaces', () => {
    const words = `${'word '.repeat(20)} end`;

    expect(linesOf({ unique_args: { words } })).toEqual([
      'X-SMTPAPI: {"unique_args":{"words":',
      ` "${'word '.repeat(14)}word`,
      ' word word word word word  end"}}',
    ]);
  });

  it('fills a line up to 76, and no further', () => {
    const fitting = 'x'.repeat(76 - `${NAME}{"batch_id":""}`.length);

    expect(linesOf({ batch_id: fitting })).toHaveLength(1);
    expect(linesOf({ batch_id: `${fitting}x` })).toEqual([
      'X-SMTPAPI: {"batch_id":',
      ` "${fitting}x"}`,
    ]);
  });

  it('escapes each UTF-16 unit outside printable ASCII', () => {
    const value = encodeXSmtpApi({ batch_id: 'á😀\x7f\n\u2028\ud800' });

    expect(value).toBe(
      String.raw`{"batch_id":"\u00e1\ud83d\ude00\u007f\n\u2028\ud800"}`,
    );
  });

  it('leaves what is undefined out', () => {
    expect(encodeXSmtpApi({ ip_pool: undefined, to: [] })).toBe('{"to":[]}');
  });

  it('loses nothing in folding and unfolding', () => {
    fc.assert(
      fc.property(xSmtpApi, (api) => {
        expect(unfold(encodeXSmtpApi(api))).toEqual(api);
      }),
      RUNS,
    );
  });

  it('writes printable ASCII on lines that are neither too long nor blank', () => {
    fc.assert(
      fc.property(xSmtpApi, (api) => {
        const lines = linesOf(api);

        expect(
          lines.filter((line) => !/^[ -~]{0,997}[!-~]$/.test(line)),
        ).toEqual([]);
      }),
      RUNS,
    );
  });

  it('keeps to 76 wherever there is a place to fold at', () => {
    let long = 0;

    fc.assert(
      fc.property(xSmtpApi, (api) => {
        const places = new FoldPlaces();
        for (const [index, line] of linesOf(api).entries()) {
          // A fold between tokens has added a space, the header its name.
          const added = index === 0 ? NAME.length : places.inString ? 0 : 1;
          const json = line.slice(added);

          expect(index > 0 && /^[,:\]}]/.test(json)).toBe(false);
          const left = places.read(json);
          if (line.length <= 76) continue;
          long += 1;
          expect(left).toEqual([]);
        }
      }),
      RUNS,
    );

    // Else the property would hold of little.
    expect(long).toBeGreaterThan(100);
  });
});

describe('encodeXSmtpApi of what cannot be folded', () => {
  it.each<[string, XSmtpApi]>([
    ['batch_id', { batch_id: 'x'.repeat(1000) }],
    ['to', { batch_id: '1', to: ['a@x.example', 'x'.repeat(1000)] }],
    ['tenant', { unique_args: { msg: '1', tenant: 'ü'.repeat(170) } }],
    ['ü"b', { unique_args: { 'ü"b': ' '.repeat(1000) } }],
    [`${'k'.repeat(32)}...`, { sub: { ['k'.repeat(1000)]: ['v'] } }],
  ])('refuses it and names %s', async (key, api) => {
    const error = await refusalOf(() => encodeXSmtpApi(api));

    expect(error).toMatchObject({ code: 'INVALID_MESSAGE' });
    expect(error.message).toContain(`\`${key}\` in the X-SMTPAPI header`);
  });

  it('refuses a line of 999 octets and takes one of 998', async () => {
    const longest = 'x'.repeat(998 - ' ""}'.length);

    expect(linesOf({ batch_id: longest })[1]).toHaveLength(998);
    const error = await refusalOf(() =>
      encodeXSmtpApi({ batch_id: `${longest}x` }),
    );
    expect(error.message).toContain('a line of 999 octets; 998 are allowed');
  });
});

describe('encodeXSmtpApi in nodemailer', () => {
  it('passes through a MIME node untouched', () => {
    fc.assert(
      fc.property(xSmtpApi, (api) => {
        const value = encodeXSmtpApi(api);
        const node = new MimeNode('text/plain', { baseBoundary: '-' });
        node.setHeader({ From: 'a@x.example', 'X-SMTPAPI': prepared(value) });

        expect(smtpApiValue(`${node.buildHeaders()}\r\n\r\n`)).toBe(value);
      }),
      RUNS,
    );
  });

  it('passes through the composer untouched', async () => {
    await fc.assert(
      fc.asyncProperty(xSmtpApi, async (api) => {
        const composer = new MailComposer({
          from: 'a@x.example',
          to: 'b@x.example',
          text: 'Hi',
          headers: { 'X-SMTPAPI': prepared(encodeXSmtpApi(api)) },
        });
        const message = await composer.compile().build();

        expect(unfold(smtpApiValue(message.toString('latin1')))).toEqual(api);
      }),
      { ...RUNS, numRuns: 300 },
    );
  });
});

function prepared(value: string): { prepared: true; value: string } {
  return { prepared: true, value };
}
