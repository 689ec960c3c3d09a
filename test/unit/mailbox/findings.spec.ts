import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../lib/mailbox/mail/findings.js';
import { readMail } from '../../../lib/mailbox/mail/read-mail.js';
import { parseSmtpApi } from '../../../lib/message/parse-smtp-api.js';
import type { CapturedMail } from '../../../lib/transport/captured-mail.js';

const TEXT = 'Content-Type: text/plain\r\n\r\nHello';
const HTML = 'Content-Type: text/html\r\n\r\n<p>Hello</p>';
const GROUP = 'X-SMTPAPI: {"asm_group_id":7}\r\n';

async function codes(
  source: string,
  to: readonly string[] = ['a@example.com'],
): Promise<string[]> {
  const raw = Buffer.from(source);
  const mail = { raw, envelope: { from: 'b@example.com', to } };
  const smtpApi = parseSmtpApi(raw);
  const read = await readMail(raw);
  return findingsOf(mail as CapturedMail, read, smtpApi).map(
    ({ level, code }) => `${level} ${code}`,
  );
}

describe('what SendGrid would do with a message', () => {
  it('is to send it when nothing is wrong', async () => {
    await expect(codes(`${GROUP}Subject: Hi\r\n${TEXT}`)).resolves.toEqual([]);
  });

  it.each([
    ['{"asm_group_id":7', 'it is no JSON'],
    ['{"category":[{}],"asm_group_id":7}', 'a field is of the wrong kind'],
    [
      `{"asm_group_id":7,"to":${JSON.stringify(Array.from({ length: 10_001 }, () => 'a@example.com')).replaceAll(',', ',\r\n ')}}`,
      'it names too many',
    ],
    [
      `{"asm_group_id":7,"unique_args":{"a":"${'x'.repeat(1000)}"}}`,
      'a line of it is too long',
    ],
  ])('is to drop it for a header: %#', async (header) => {
    const found = await codes(`X-SMTPAPI: ${header}\r\nSubject: Hi\r\n${TEXT}`);

    expect(found[0]).toBe('error invalid-x-smtpapi');
  });

  it('is told of what is missing', async () => {
    await expect(codes(HTML)).resolves.toEqual([
      'warning no-subject',
      'warning no-text-part',
      'note no-unsubscribe-group',
    ]);
    await expect(
      codes('List-Unsubscribe: <https://a.example>\r\nSubject: Hi\r\n\r\n'),
    ).resolves.toEqual(['warning no-content']);
  });

  it('is told of what is over a limit', async () => {
    const head = `${GROUP}Subject: Hi\r\n`;
    const line = `${'x'.repeat(997)}\r\n`;
    const many = Array.from({ length: 1001 }, (_, n) => `${n}@example.com`);

    await expect(
      codes(`${head}${TEXT}${line.repeat(20_100)}`),
    ).resolves.toEqual(['error too-large', 'warning line-too-long']);
    await expect(codes(head + TEXT, many)).resolves.toEqual([
      'error too-many-recipients',
    ]);
    await expect(codes(`${head}${TEXT}${'x'.repeat(999)}`)).resolves.toEqual([
      'warning line-too-long',
    ]);
    const html = '<p>Hello</p>\r\n'.repeat(10_000);
    const both = `${head}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n${TEXT}\r\n--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b--`;
    await expect(codes(both)).resolves.toEqual(['warning html-clipped']);
  });

  it('is told of what is odd in a valid header', async () => {
    const of = (fields: object): Promise<string[]> => {
      const api = JSON.stringify({ asm_group_id: 7, ...fields });
      const folded = api.replaceAll(',', ',\r\n ');
      return codes(`X-SMTPAPI: ${folded}\r\nSubject: Hi\r\n${TEXT}`);
    };
    const inHours = (hours: number): number =>
      Math.floor(Date.now() / 1000) + hours * 3600;
    const large = Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [`a${n}`, 'x'.repeat(60)]),
    );

    await expect(of({ unique_args: { email: 'a' } })).resolves.toEqual([
      'warning reserved-argument',
    ]);
    await expect(of({ unique_args: large })).resolves.toEqual([
      'error arguments-too-large',
    ]);
    await expect(of({ category: 'x'.repeat(256) })).resolves.toEqual([
      'error category-too-long',
    ]);
    await expect(of({ send_at: inHours(1) })).resolves.toEqual([
      'note scheduled',
    ]);
    await expect(of({ send_at: inHours(73) })).resolves.toEqual([
      'error send-at-too-far',
    ]);
    await expect(of({ send_each_at: [1, inHours(99)] })).resolves.toEqual([
      'error send-at-too-far',
    ]);
    await expect(of({ send_at: 1e300 })).resolves.toEqual([
      'error send-at-too-far',
    ]);
  });

  it('is told of two headers, of which the first counts', async () => {
    await expect(
      codes(`${GROUP}${GROUP}Subject: Hi\r\n${TEXT}`),
    ).resolves.toContain('warning several-x-smtpapi');
  });
});
