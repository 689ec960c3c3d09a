import { describe, expect, it } from 'vitest';

import {
  parseCapabilities,
  type Capabilities,
} from '../../../lib/smtp/capabilities.js';

const NOTHING: Capabilities = {
  pipelining: false,
  eightBitMime: false,
  starttls: false,
  authPlain: false,
  size: false,
  maxSize: undefined,
};

function offered(...lines: string[]): Capabilities {
  const text = ['smtp.example greets you', ...lines].join('\n');
  return parseCapabilities({ code: 250, text });
}

describe('parseCapabilities', () => {
  it('reads what SendGrid offers', () => {
    expect(
      offered(
        '8BITMIME',
        'PIPELINING',
        'SIZE 31457280',
        'STARTTLS',
        'AUTH PLAIN LOGIN',
        'AUTH=PLAIN LOGIN',
      ),
    ).toEqual({
      pipelining: true,
      eightBitMime: true,
      starttls: true,
      authPlain: true,
      size: true,
      maxSize: 31_457_280,
    });
  });

  it.each(['', 'PIPELINING', 'PIPELINING 8BITMIME STARTTLS AUTH PLAIN'])(
    'takes nothing from the greeting line %j',
    (text) => {
      expect(parseCapabilities({ code: 250, text })).toEqual(NOTHING);
    },
  );

  it('knows keywords in any case', () => {
    expect(offered('pipelining', '8bitMime', 'auth plain')).toEqual({
      ...NOTHING,
      pipelining: true,
      eightBitMime: true,
      authPlain: true,
    });
  });

  it.each(['XPIPELINING', 'PIPELININGS', 'X PIPELINING', '', ' '])(
    'finds no keyword inside %j',
    (line) => {
      expect(offered(line)).toEqual(NOTHING);
    },
  );

  it.each([
    ['SIZE', undefined],
    ['SIZE 0', undefined],
    ['SIZE 1000', 1000],
    ['size 1000 ', 1000],
    ['SIZE many', undefined],
    ['SIZE -5', undefined],
    ['SIZE 1.5', undefined],
    ['SIZE 1 2', undefined],
    ['SIZE 99999999999999999999', undefined],
  ])('reads %j as a limit of %s', (line, maxSize) => {
    expect(offered(line)).toEqual({ ...NOTHING, size: true, maxSize });
  });

  it.each(['SIZEX 10', 'SIZELIMIT', 'XSIZE 10'])(
    'does not take %j for SIZE',
    (line) => {
      expect(offered(line)).toEqual(NOTHING);
    },
  );

  it.each([
    ['AUTH PLAIN', true],
    ['AUTH LOGIN PLAIN', true],
    ['AUTH=LOGIN PLAIN CRAM-MD5', true],
    ['AUTH=PLAIN', true],
    ['AUTH', false],
    ['AUTH LOGIN', false],
    ['AUTH XPLAIN', false],
    ['AUTH PLAIN-CLIENTTOKEN', false],
    ['XAUTH PLAIN', false],
  ])('reads %j as AUTH PLAIN: %s', (line, authPlain) => {
    expect(offered(line).authPlain).toBe(authPlain);
  });

  it('finds PLAIN in whichever AUTH line names it', () => {
    expect(offered('AUTH LOGIN', 'AUTH=LOGIN PLAIN').authPlain).toBe(true);
  });
});
