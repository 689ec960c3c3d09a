import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readXSmtpApi } from '../../../../lib/message/x-smtpapi/read-x-smtp-api.js';
import { smtpApiHeader } from '../../../../lib/message/x-smtpapi/smtp-api-header.js';
import { xSmtpApi } from './x-smtp-api.arbitrary.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.info(`seed ${SEED} (set SEED to repeat)`);

describe('readXSmtpApi', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(xSmtpApi, (api) => {
        const { text } = smtpApiHeader(false, { category: 'a', ...api });
        const raw = Buffer.from(`${text}From: a@x.example\r\n\r\n {}`);

        expect(readXSmtpApi(raw)).toEqual({ category: 'a', ...api });
      }),
      { numRuns: 200, seed: SEED },
    );
  });

  it('reads nothing where there is none', () => {
    expect(readXSmtpApi(Buffer.from('From: a@x.example\r\n'))).toBeUndefined();
    expect(readXSmtpApi(Buffer.from(''))).toBeUndefined();
  });
});
