import { Readable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { MailError } from '../../../lib/errors/mail-error.js';
import { Exchange } from '../../../lib/smtp/exchange.js';
import type { Body } from '../../../lib/smtp/transaction.js';
import {
  addresses,
  bytesBody,
  EVERYTHING,
  transaction,
} from './support/transactions.js';

const OK = { code: 250, text: 'ok' };
const NO = { code: 550, text: 'no' };
const GO = { code: 354, text: 'go' };

const STREAM: Body = {
  kind: 'stream',
  reusable: true,
  open: () => Readable.from([]),
};

function exchange(
  recipients: number | readonly string[],
  reset = false,
): Exchange {
  const options = { reset, behind: undefined };
  return new Exchange(transaction(recipients), EVERYTHING, options);
}

/** All the commands, at most `window` at a time. */
function groups(of: Exchange, window: number): string[] {
  const taken: string[] = [];
  while (of.unwritten) {
    const { text, count } = of.take(window);
    expect(text.split('\r\n')).toHaveLength(count + 1);
    taken.push(text);
  }
  return taken;
}

function mailCommand(
  body: Body,
  capabilities: Partial<typeof EVERYTHING> = {},
): string {
  const offered = { ...EVERYTHING, ...capabilities };
  const options = { reset: false, behind: undefined };
  const whole = new Exchange(transaction(1, { body }), offered, options);
  return whole.take(1).text;
}

describe('the commands of an envelope', () => {
  it('are MAIL, a RCPT for each recipient, and DATA', () => {
    expect(groups(exchange(2), 102)).toEqual([
      'MAIL FROM:<hello@shop.example> SIZE=7\r\n' +
        'RCPT TO:<r0@x.example>\r\n' +
        'RCPT TO:<r1@x.example>\r\n' +
        'DATA\r\n',
    ]);
  });

  it('start with RSET where one is due', () => {
    expect(groups(exchange(1, true), 102)[0]).toMatch(/^RSET\r\nMAIL FROM:/);
  });

  it('leave one at a time in a window of one', () => {
    expect(groups(exchange(1, true), 1)).toEqual([
      'RSET\r\n',
      'MAIL FROM:<hello@shop.example> SIZE=7\r\n',
      'RCPT TO:<r0@x.example>\r\n',
      'DATA\r\n',
    ]);
  });

  it.each([
    [100, false, [102]],
    [101, false, [102, 1]],
    [100, true, [102, 1]],
    [250, false, [102, 102, 48]],
    [1000, true, [102, 102, 102, 102, 102, 102, 102, 102, 102, 85]],
  ])(
    'for %d recipients (RSET: %s) leave in groups of %j',
    (n, reset, sizes) => {
      const taken = groups(exchange(n, reset), 102);
      const rcpts = taken.join('').match(/RCPT TO:<r\d+@x\.example>/g);

      expect(taken.map((text) => text.split('\r\n').length - 1)).toEqual(sizes);
      expect(rcpts).toEqual(addresses(n).map((to) => `RCPT TO:<${to}>`));
      expect(taken.at(-1)).toMatch(/DATA\r\n$/);
    },
  );

  it('give nothing once all are taken', () => {
    const whole = exchange(1);
    whole.take(102);

    expect(whole.take(102)).toEqual({ text: '', count: 0 });
  });

  it('refuse an address that would start another command', () => {
    expect(() => exchange(['a@x.example>\r\nRCPT TO:<b@x.example'])).toThrow(
      MailError,
    );
  });
});

describe('MAIL', () => {
  it('names SIZE only where it is offered and known', () => {
    expect(mailCommand(bytesBody())).toContain(' SIZE=7\r\n');
    expect(mailCommand(bytesBody(), { size: false })).not.toContain('SIZE');
    expect(mailCommand(STREAM)).not.toContain('SIZE');
  });

  it('says 8BITMIME only where it is offered and needed', () => {
    const eightBit = bytesBody('ü', true);

    expect(mailCommand(bytesBody())).not.toContain('BODY');
    expect(mailCommand(eightBit)).toMatch(/ BODY=8BITMIME\r\n$/);
    expect(mailCommand(STREAM)).toMatch(/ BODY=8BITMIME\r\n$/);
    expect(mailCommand(eightBit, { eightBitMime: false })).not.toContain(
      'BODY',
    );
  });
});

describe('the replies to an envelope', () => {
  it('are filed by counting', () => {
    const whole = exchange(2, true);
    whole.take(102);

    expect([OK, OK, OK, NO, GO].map((reply) => whole.file(reply))).toEqual([
      'RSET',
      'MAIL',
      'RCPT',
      'RCPT',
      'DATA',
    ]);
    expect(whole.mail).toBe(OK);
    expect(whole.recipients).toEqual([OK, NO]);
    expect(whole.data).toBe(GO);
  });

  it('are complete when each written command has one', () => {
    const whole = exchange(1);
    whole.take(2);
    whole.file(OK);

    expect(whole.answered).toBe(false);
    whole.file(OK);
    expect(whole.answered).toBe(true);
    expect(whole.unwritten).toBe(true);
    whole.take(1);
    expect(whole.answered).toBe(false);
    expect(whole.unwritten).toBe(false);
  });

  it.each([
    ['nothing', [], 2, false],
    ['MAIL accepted', [OK], 2, false],
    ['MAIL refused', [NO], 2, true],
    ['MAIL answered with 3yz', [GO], 2, true],
    ['one of two recipients refused', [OK, NO], 2, false],
    ['all recipients refused', [OK, NO, NO], 2, true],
    ['one of two recipients accepted', [OK, NO, OK], 2, false],
  ])('after %s make the rest pointless: %s', (_, replies, n, pointless) => {
    const whole = exchange(n);
    whole.take(102);
    for (const reply of replies) whole.file(reply);

    expect(whole.refusedEarly).toBe(pointless);
  });
});
