import { describe, expect, it } from 'vitest';

import { encodeXSmtpApi } from '../../../../lib/message/x-smtpapi/encode-x-smtp-api.js';
import { smtpApiHeader } from '../../../../lib/message/x-smtpapi/smtp-api-header.js';
import type { XSmtpApi } from '../../../../lib/message/x-smtpapi/x-smtp-api.js';
import { refusalOf } from '../refusal.js';
import { smtpApiValue, unfold } from './unfold.js';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Of `,"mail_id":"<uuid>"`. */
const ID_OCTETS = 49;

/** Unique arguments that take so many octets of JSON, 600 of them in `é`. */
function argsOf(octets: number): XSmtpApi {
  const words = 'é'.repeat(100) + ' word'.repeat(1500);
  const around = '{"a":""}'.length + 600 - 100;
  return {
    unique_args: { a: words.padEnd(octets, ' x').slice(0, octets - around) },
  };
}

describe('smtpApiHeader', () => {
  it('writes the correlation id as the encoder does', () => {
    const { text, mailId = '' } = smtpApiHeader(true);

    const value = encodeXSmtpApi({ unique_args: { mail_id: mailId } });
    expect(text).toBe(`X-SMTPAPI: ${value}\r\n`);
    expect(mailId).toMatch(UUID);
  });

  it('makes an id for each message', () => {
    const ids = Array.from({ length: 100 }, () => smtpApiHeader(true).mailId);

    expect(new Set(ids).size).toBe(100);
  });

  it('lays the id over the unique arguments that are there', () => {
    const api = { category: 'a', unique_args: { tenant: 'acme' } };

    const { text, mailId } = smtpApiHeader(true, api);

    expect(unfold(smtpApiValue(text))).toEqual({
      category: 'a',
      unique_args: { tenant: 'acme', mail_id: mailId },
    });
    expect(api).toEqual({ category: 'a', unique_args: { tenant: 'acme' } });
  });

  it('refuses a `mail_id` that is not ours, unless correlation is off', async () => {
    const api = { unique_args: { mail_id: 'own' } };

    const refusal = await refusalOf(() => smtpApiHeader(true, api));

    expect(refusal.message).toContain('`correlation: false`');
    expect(smtpApiHeader(false, api).text).toContain('{"mail_id":"own"}');
  });

  it.each([true, false])(
    'takes 10,000 bytes of unique arguments, our id included: %s',
    async (correlation) => {
      const room = correlation ? 10_000 - ID_OCTETS : 10_000;
      const fits = argsOf(room);

      expect(smtpApiHeader(correlation, fits).text).not.toBe('');
      const refusal = await refusalOf(() =>
        smtpApiHeader(correlation, argsOf(room + 1)),
      );
      expect(refusal.message).toContain('10001 bytes');
    },
  );

  it('writes what there is without an id when correlation is off', () => {
    const header = smtpApiHeader(false, { category: 'a' });

    expect(header).toEqual({ text: 'X-SMTPAPI: {"category":"a"}\r\n' });
    expect(smtpApiHeader(false)).toEqual({ text: '' });
  });
});
