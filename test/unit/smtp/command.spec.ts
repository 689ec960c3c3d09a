import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MailError } from '../../../lib/errors/mail-error.js';
import { commandLine, path } from '../../../lib/smtp/command.js';

function refusalOf(action: () => string): MailError {
  try {
    action();
  } catch (error) {
    if (error instanceof MailError) return error;
  }
  throw new Error('nothing was refused');
}

describe('commandLine', () => {
  it('ends a command with CRLF', () => {
    expect(commandLine('MAIL FROM:<ada@example.com>')).toBe(
      'MAIL FROM:<ada@example.com>\r\n',
    );
  });

  it('lets CR, LF and NUL pass at no place of any command', () => {
    const breaker = fc.constantFrom('\r', '\n', '\0', '\r\n');
    fc.assert(
      fc.property(fc.string(), breaker, fc.string(), (before, mark, after) => {
        const error = refusalOf(() => commandLine(before + mark + after));

        expect(error.code).toBe('INVALID_MESSAGE');
      }),
    );
  });

  it('lets everything it passes be one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (command) => {
        const clean = command.replaceAll(/[\r\n\0]/g, '');

        expect(commandLine(clean)).toBe(`${clean}\r\n`);
      }),
    );
  });

  it('does not print the command it refuses', () => {
    const error = refusalOf(() => commandLine('AUTH PLAIN SG.secret\n'));

    expect(error.message).not.toContain('SG.');
    expect(error).toMatchObject({
      deliveryState: 'not-sent',
      retryable: false,
    });
    expect(error.message).toContain('Remove control characters');
  });
});

describe('path', () => {
  it.each([
    ['ada@example.com', '<ada@example.com>'],
    ['', '<>'],
    ['o"x"@xn--bcher-kva.example', '<o"x"@xn--bcher-kva.example>'],
    ["!#$%&'*+/=?^_`{|}~-@example.com", "<!#$%&'*+/=?^_`{|}~-@example.com>"],
  ])('puts %j between brackets', (address, expected) => {
    expect(path(address)).toBe(expected);
  });

  it('refuses white space, controls, brackets and non-ASCII anywhere', () => {
    const bad = fc.oneof(
      fc.constantFrom('<', '>', ' ', '\t', '\r', '\n', '\0', '\u007f'),
      fc.integer({ min: 0, max: 32 }).map((n) => String.fromCharCode(n)),
      fc.integer({ min: 127, max: 0x2fff }).map((n) => String.fromCharCode(n)),
    );
    fc.assert(
      fc.property(fc.string(), bad, fc.string(), (before, mark, after) => {
        const error = refusalOf(() => path(before + mark + after));

        expect(error.code).toBe('INVALID_MESSAGE');
        expect(error.message).toContain('Correct the address.');
      }),
    );
  });

  it('cannot be left by an address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (address) => {
        try {
          expect(path(address)).toMatch(/^<[^<>\s]*>$/);
        } catch (error) {
          if (!(error instanceof MailError)) throw error;
        }
      }),
    );
  });
});
