import { generateKeyPairSync } from 'node:crypto';
import { Transform } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { serialize } from '../../../lib/message/serialize.js';
import { LIMITS, compose, plain, type ComposeOptions } from './compose.js';
import { refusalOf } from './refusal.js';

function upperCase(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, chunk.toString('latin1').replaceAll('there', 'THERE'));
    },
  });
}

async function written(options: ComposeOptions, fields = {}): Promise<string> {
  const { content } = await serialize(
    await compose(plain(fields), options),
    LIMITS,
  );
  if (content.kind !== 'bytes') throw new Error('is not in memory');
  return content.bytes.toString();
}

describe('serialize', () => {
  it('signs with DKIM', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const dkim = { domainName: 'shop.example', keySelector: 'k', privateKey };

    const bytes = await written({ dkim });

    expect(bytes).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256;/);
    expect(bytes).toContain('Hello there');
  });

  it('runs transforms of plugins', async () => {
    for (const transform of [upperCase(), upperCase]) {
      const bytes = await written({
        stream: (mail, done) => {
          mail.message.transform(transform);
          done();
        },
      });

      expect(bytes).toContain('Hello THERE');
    }
  });

  it('runs process functions of plugins', async () => {
    const bytes = await written({
      stream: (mail, done) => {
        mail.message.processFunc((input) => input.pipe(upperCase()));
        done();
      },
    });

    expect(bytes).toContain('Hello THERE');
  });

  it('keeps to the methods that a plugin replaced', async () => {
    const bytes = await written({
      stream: (mail, done) => {
        const original = mail.message.createReadStream.bind(mail.message);
        mail.message.createReadStream = () => original().pipe(upperCase());
        done();
      },
    });

    expect(bytes).toContain('Hello THERE');
  });

  it('applies `newline`', async () => {
    const bytes = await written({}, { newline: 'win', text: 'a\nb\n' });

    expect(bytes).toContain('a\r\nb\r\n');
  });

  it('checks the header block that leaves a transform', async () => {
    const tree = await compose(plain(), {
      stream: (mail, done) => {
        mail.message.transform(
          new Transform({
            transform(chunk, _encoding, next) {
              next(null, `X-SMTPAPI: {}\r\n${chunk}`);
            },
          }),
        );
        done();
      },
    });

    expect(await refusalOf(async () => serialize(tree, LIMITS))).toHaveProperty(
      'code',
      'INVALID_MESSAGE',
    );
  });
});
