import { describe, expect, it } from 'vitest';

import { encodeXSmtpApi } from '../../../../lib/message/x-smtpapi/encode-x-smtp-api.js';
import { smtpApiHeader } from '../../../../lib/message/x-smtpapi/smtp-api-header.js';
import { smtpApiValue, unfold } from './unfold.js';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

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
    const api = {
      category: 'a',
      unique_args: { tenant: 'acme', mail_id: 'own' },
    };

    const { text, mailId } = smtpApiHeader(true, api);

    expect(unfold(smtpApiValue(text))).toEqual({
      category: 'a',
      unique_args: { tenant: 'acme', mail_id: mailId },
    });
    expect(api.unique_args.mail_id).toBe('own');
  });

  it('writes what there is without an id when correlation is off', () => {
    const header = smtpApiHeader(false, { category: 'a' });

    expect(header).toEqual({ text: 'X-SMTPAPI: {"category":"a"}\r\n' });
    expect(smtpApiHeader(false)).toEqual({ text: '' });
  });
});
