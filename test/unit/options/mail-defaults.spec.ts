import { Readable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { problemWith, resolveWith } from './support/problems.js';

describe('defaults', () => {
  it('keep their values intact', () => {
    const content = Buffer.from([0, 255, 10]);
    const attachments = [{ filename: 'a.bin', content }];
    const html = Readable.from(['x']);
    const headers = { 'X-App': ['a', 'b'] };

    const { defaults } = resolveWith({
      defaults: { attachments, html, headers, text: undefined },
    });

    expect(defaults.attachments).toBe(attachments);
    expect(defaults.attachments?.[0]?.content).toBe(content);
    expect(defaults.html).toBe(html);
    expect(defaults.headers).toBe(headers);
  });

  it('give mailboxes with `email` the name nodemailer reads', () => {
    const { defaults } = resolveWith({
      defaults: {
        from: { name: 'Shop', email: 'a@shop.example' },
        sender: { email: 'b@shop.example' },
        replyTo: ['c@shop.example', { email: 'd@shop.example' }],
      },
    });

    expect(defaults).toEqual({
      from: { name: 'Shop', address: 'a@shop.example' },
      sender: { address: 'b@shop.example' },
      replyTo: ['c@shop.example', { address: 'd@shop.example' }],
    });
  });

  it.each(['to', 'cc', 'bcc'])('refuse recipients in %s', (name) => {
    expect(problemWith({ defaults: { [name]: 'a@shop.example' } })).toEqual({
      option: `defaults.${name}`,
      problem: expect.stringContaining('default recipient would get every'),
    });
  });

  it.each([
    ['envelope', { to: 'a@shop.example' }],
    ['normalizeHeaderKey', () => 'X-SMTPAPI'],
  ])('refuse %s', (name, value) => {
    expect(problemWith({ defaults: { [name]: value } })).toMatchObject({
      option: `defaults.${name}`,
      problem: expect.stringContaining('must not be set'),
    });
  });

  it.each([
    'a@shop.example\r\nBcc: evil@z.example',
    'a@shop.example\n',
    'a\0@shop.example',
    { name: 'Shop\r\nBcc: evil@z.example', address: 'a@shop.example' },
    { name: 'Shop', email: 'a@shop.example\nevil@z.example' },
  ])('refuse a line break or NUL in from: %j', (from) => {
    expect(problemWith({ defaults: { from } })).toEqual({
      option: 'defaults.from',
      problem: expect.stringContaining('no line break and no NUL'),
    });
  });

  it.each([
    '',
    'Shop',
    'a@',
    '@shop.example',
    'a@shop.example, b@shop.example',
    'Team: a@shop.example;',
    { address: 'a@shop.example, b@shop.example' },
    { name: 'Shop' },
    { name: 5, address: 'a@shop.example' },
    ['a@shop.example'],
    5,
  ])('refuse from that is not one address: %j', (from) => {
    expect(problemWith({ defaults: { from } })).toEqual({
      option: 'defaults.from',
      problem: expect.stringMatching(/must be (an|exactly one) address.*got /),
    });
  });

  it.each([[[]], ['X-App: a'], [[{ key: 'X-App', value: 'a' }]]])(
    'refuse headers that are not an object: %j',
    (headers) => {
      expect(problemWith({ defaults: { headers } })).toEqual({
        option: 'defaults.headers',
        problem: expect.stringContaining('must be an object of headers'),
      });
    },
  );

  it('take what SendGrid does with every message', () => {
    const sendgrid = {
      categories: ['shop'],
      asm: { groupId: 7 },
      ipPoolName: null,
      substitutions: { '-shop-': 'Shop' },
    };

    expect(resolveWith({ defaults: { sendgrid } }).defaults).toMatchObject({
      sendgrid,
    });
  });

  it.each<[string, unknown, string]>([
    [
      'a limit',
      { categories: 'x'.repeat(256) },
      '`defaults.sendgrid.categories` must have 1 to 255 characters',
    ],
    [
      'a name',
      { catagories: 'a' },
      'did you mean `defaults.sendgrid.categories`?',
    ],
    ['a time', { sendAt: 1_900_000_000 }, 'would soon be past'],
    ['times', { sendEachAt: [] }, 'would soon be past'],
    [
      'a list of texts',
      { substitutions: { '-name-': ['Ada'] } },
      'belongs to the recipients of one message',
    ],
    ['no object', 'receipts', '`defaults.sendgrid` must be an object'],
  ])('refuse what SendGrid would drop: %s', (_label, sendgrid, text) => {
    expect(problemWith({ defaults: { sendgrid } })).toEqual({
      option: 'defaults.sendgrid',
      problem: expect.stringContaining(text),
    });
  });
});
