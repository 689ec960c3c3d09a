import { describe, expect, it } from 'vitest';

import {
  apiFor,
  checkPlan,
  smtpApiPlan,
} from '../../../lib/message/smtp-api-plan.js';
import type { MailMessage } from '../../../lib/message/mail-message.js';
import type { XSmtpApi } from '../../../lib/message/x-smtpapi/x-smtp-api.js';
import { refusalOf } from './refusal.js';

function apiOf(message: MailMessage): XSmtpApi | undefined {
  const plan = smtpApiPlan(message);
  return plan && apiFor(plan, plan.addressees);
}

async function refusal(message: MailMessage): Promise<string> {
  return (await refusalOf(() => smtpApiPlan(message))).message;
}

/** A message to so many, with a text for each. */
function toEach(count: number): MailMessage {
  return {
    to: Array.from({ length: count }, (_, n) => `c${n}@x.example`),
    sendgrid: {
      substitutions: { '-n-': Array.from({ length: count }, String) },
    },
  };
}

describe('A message', () => {
  it('without `sendgrid` has no plan', () => {
    expect(smtpApiPlan({ to: 'a@x.example' })).toBeUndefined();
    expect(smtpApiPlan({ sendgrid: null })).toBeUndefined();
  });

  it('goes to its envelope without lists, and has no `to`', () => {
    const plan = smtpApiPlan({
      to: ['a@x.example', 'b@x.example'],
      sendgrid: { categories: 'a' },
    });

    expect(plan).toEqual({ api: { category: 'a' } });
  });
});

describe('A message to each of `to`', () => {
  it('names them in order, each as often as it is there', () => {
    const message: MailMessage = {
      to: [
        'Ada Lovelace <Ada@X.Example>, ada@x.example',
        { name: 'Größe', email: 'b@jõgeva.example' },
        { name: 'Team', group: ['c@x.example', { address: 'd@x.example' }] },
        'ada@x.example',
      ],
      sendgrid: { substitutions: { '-n-': ['1', '2', '3', '4', '5', '6'] } },
    };

    expect(apiOf(message)).toEqual({
      to: [
        'Ada Lovelace <Ada@x.example>',
        'ada@x.example',
        'Größe <b@xn--jgeva-dua.example>',
        'c@x.example',
        'd@x.example',
        'ada@x.example',
      ],
      sub: { '-n-': ['1', '2', '3', '4', '5', '6'] },
    });
  });

  it.each<[string, string]>([
    ['Ada', 'Ada <a@x.example>'],
    [' Ada ', 'Ada <a@x.example>'],
    ['  ', 'a@x.example'],
    ['Lovelace, Ada', '"Lovelace, Ada" <a@x.example>'],
    ['A "B" \\ C', '"A \\"B\\" \\\\ C" <a@x.example>'],
    ['b@y.example', '"b@y.example" <a@x.example>'],
    [
      'Ada\r\nBcc: eve@evil.example',
      '"Ada Bcc: eve@evil.example" <a@x.example>',
    ],
    ['😀', '😀 <a@x.example>'],
  ])('shows the name %j', (name, text) => {
    const message: MailMessage = {
      to: { name, address: 'a@x.example' },
      sendgrid: { substitutions: { '-n-': ['1'] } },
    };

    expect(apiOf(message)?.to).toEqual([text]);
  });

  it('may have times instead of texts', async () => {
    const at = Math.floor(Date.now() / 1000) + 60;
    const to = ['a@x.example', 'b@x.example'];

    expect(apiOf({ to, sendgrid: { sendEachAt: [at, at + 1] } })).toEqual({
      to,
      send_each_at: [at, at + 1],
    });
    expect(await refusal({ to, sendgrid: { sendEachAt: [at] } })).toContain(
      '`sendgrid.sendEachAt` holds 1 times for 2 recipients',
    );
  });

  it('takes 10,000, and no more', async () => {
    expect(apiOf(toEach(10_000))?.to).toHaveLength(10_000);
    expect(await refusal(toEach(10_001))).toContain(
      '`to` holds 10001 recipients that get a message each; SendGrid takes 10000',
    );
  });

  it.each<[string, MailMessage, string]>([
    ['without `to`', { to: null }, 'no recipient in `to`'],
    ['with `to` empty', { to: [] }, 'no recipient in `to`'],
    ['with cc', { cc: 'b@x.example' }, 'name recipients in `to` only'],
    ['with bcc', { bcc: ['b@x.example'] }, 'name recipients in `to` only'],
    [
      'with an envelope',
      { envelope: { to: 'b@x.example' } },
      'name recipients in `to` only',
    ],
    ['raw', { raw: 'From: a@x.example\r\n\r\nHi' }, 'A raw message cannot'],
    [
      'with an address that cannot be sent',
      { to: 'ü@x.example' },
      'non-ASCII characters',
    ],
    ['with a line break in one', { to: 'a@x.example\r\nb' }, 'line break'],
  ])('is refused %s', async (_label, fields, text) => {
    expect(await refusal({ ...toEach(1), ...fields })).toContain(text);
  });

  it('is not refused for copies that are none', () => {
    expect(
      apiOf({ ...toEach(1), cc: [], bcc: '', envelope: null }),
    ).toBeDefined();
  });

  it('goes to exactly one recipient of the envelope, the first', async () => {
    const plan = smtpApiPlan(toEach(2));
    if (plan === undefined) throw new Error('There is none');
    const from = 'shop@x.example';

    expect(() => checkPlan(plan, { from, to: ['c0@x.example'] })).not.toThrow();
    for (const to of [['c1@x.example'], ['c0@x.example', 'eve@x.example']]) {
      const error = await refusalOf(() => checkPlan(plan, { from, to }));
      expect(error.message).toContain('name recipients in `to` only');
    }
  });
});

describe('Substitutions without a list', () => {
  it('are for exactly one recipient, whoever names it', async () => {
    const plan = smtpApiPlan({
      bcc: 'a@x.example',
      sendgrid: { substitutions: { '-n-': 'one' } },
    });
    if (plan === undefined) throw new Error('There is none');
    const from = 'shop@x.example';

    expect(plan).toEqual({ api: { sub: { '-n-': ['one'] } } });
    expect(() => checkPlan(plan, { from, to: ['a@x.example'] })).not.toThrow();
    const error = await refusalOf(() =>
      checkPlan(plan, { from, to: ['a@x.example', 'b@x.example'] }),
    );
    expect(error.message).toContain('the message has 2 recipients');
    expect(error.message).toContain('sendMerge');
  });
});
