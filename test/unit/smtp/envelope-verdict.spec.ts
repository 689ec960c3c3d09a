import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  envelopeVerdict,
  type EnvelopeVerdict,
} from '../../../lib/smtp/envelope-verdict.js';
import type { Reply } from '../../../lib/smtp/reply.js';

/** A reply from its code; each is an object of its own. */
function reply(code: number | undefined): Reply | undefined {
  return code === undefined ? undefined : { code, text: `text of ${code}` };
}

function verdict(
  mail: number,
  recipients: readonly (number | undefined)[],
  data?: number,
): EnvelopeVerdict {
  return envelopeVerdict({
    mail: { code: mail, text: `text of ${mail}` },
    recipients: recipients.map(reply),
    data: reply(data),
  });
}

describe('the verdict on an envelope', () => {
  it.each([
    [250, [250], 354],
    [250, [251], 354],
    [250, [550, 250, 450], 354],
    [250, [550, undefined, 250], 354],
  ])('MAIL %i, RCPT %j, DATA %i is to send the body', (mail, rcpt, data) => {
    expect(verdict(mail, rcpt, data)).toEqual({ next: 'body' });
  });

  it.each<[string, number, (number | undefined)[], number, number, string]>([
    ['all recipients refused', 250, [550, 450], 554, 550, 'RCPT TO'],
    ['all recipients refused for now', 250, [450], 503, 450, 'RCPT TO'],
    ['MAIL refused', 550, [503, 503], 503, 550, 'MAIL FROM'],
    ['MAIL refused for now', 451, [503], 554, 451, 'MAIL FROM'],
    ['MAIL refused, follow-ups odd', 530, [250], 530, 530, 'MAIL FROM'],
    ['DATA refused', 250, [250, 550], 554, 554, 'DATA'],
    ['DATA refused for now', 250, [250], 452, 452, 'DATA'],
  ])('%s: reset, for that reason', (_, mail, rcpt, data, code, command) => {
    expect(verdict(mail, rcpt, data)).toEqual({
      next: 'reset',
      reply: reply(code),
      command,
    });
  });

  it('without DATA a refusal asks for a reset only', () => {
    expect(verdict(550, [undefined])).toMatchObject({
      next: 'reset',
      command: 'MAIL FROM',
    });
    expect(verdict(250, [550, 551])).toEqual({
      next: 'reset',
      reply: reply(550),
      command: 'RCPT TO',
    });
  });

  it('without DATA and without a refusal it is reset all the same', () => {
    expect(verdict(250, [250])).toMatchObject({ next: 'reset' });
  });

  it('all recipients refused, yet 354: a lone dot', () => {
    expect(verdict(250, [550, 450], 354)).toEqual({
      next: 'lone-dot',
      reply: reply(550),
      command: 'RCPT TO',
      thenClose: false,
    });
  });

  it('MAIL refused, yet 354: a lone dot, then close', () => {
    expect(verdict(550, [503], 354)).toEqual({
      next: 'lone-dot',
      reply: reply(550),
      command: 'MAIL FROM',
      thenClose: true,
    });
  });

  it('MAIL refused, a recipient accepted, 354: no dot at all', () => {
    expect(verdict(550, [503, 250], 354)).toEqual({
      next: 'destroy',
      reply: reply(550),
      command: 'MAIL FROM',
    });
  });

  it.each([200, 250, 300, 334, 355])(
    'DATA answered with %i breaks the protocol',
    (data) => {
      expect(verdict(250, [250], data)).toEqual({
        next: 'protocol-error',
        reply: reply(data),
      });
    },
  );

  it.each([300, 354])('%i to MAIL or RCPT breaks the protocol', (code) => {
    const odd = { next: 'protocol-error', reply: reply(code) };

    expect(verdict(code, [250], 354)).toEqual(odd);
    expect(verdict(250, [250, code], 354)).toEqual(odd);
  });
});

describe('whatever the replies to an envelope', () => {
  const code = fc.oneof(
    fc.constantFrom(250, 251, 354, 421, 450, 503, 550, 554),
    fc.integer({ min: 200, max: 599 }),
  );
  // DATA leaves last, so its reply comes with all the others or not at all.
  const whole = fc.record({
    mail: code,
    recipients: fc.array(code, { minLength: 1, maxLength: 5 }),
    data: code,
  });
  const early = fc.record({
    mail: code,
    recipients: fc.array(fc.option(code, { nil: undefined }), {
      minLength: 1,
      maxLength: 5,
    }),
    data: fc.constant(undefined),
  });
  const replies = fc.oneof(whole, early);
  const isAccepted = (one: number | undefined): boolean =>
    one !== undefined && one < 300;

  it('a body leaves with MAIL and a recipient accepted and 354 only', () => {
    fc.assert(
      fc.property(replies, ({ mail, recipients, data }) => {
        const odd = [mail, ...recipients].some(
          (one) => one !== undefined && one >= 300 && one < 400,
        );
        const taken = isAccepted(mail) && recipients.some(isAccepted);
        const { next } = verdict(mail, recipients, data);

        expect(next === 'body').toBe(taken && data === 354 && !odd);
      }),
      { numRuns: 3000 },
    );
  });

  it('a lone dot never follows an accepted recipient', () => {
    fc.assert(
      fc.property(replies, ({ mail, recipients, data }) => {
        const { next } = verdict(mail, recipients, data);

        expect(next === 'lone-dot' && recipients.some(isAccepted)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('354 is never followed by another command', () => {
    fc.assert(
      fc.property(replies, ({ mail, recipients }) => {
        expect(verdict(mail, recipients, 354).next).not.toBe('reset');
      }),
      { numRuns: 1000 },
    );
  });

  it('a refusal names a reply that refused', () => {
    fc.assert(
      fc.property(whole, ({ mail, recipients, data }) => {
        const result = verdict(mail, recipients, data);
        if (!('command' in result)) return;

        expect(result.reply.code).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 1000 },
    );
  });
});
