import { describe, expect, it } from 'vitest';

import { isMailError } from '../../../lib/errors/mail-error.js';
import { checkHead } from '../../../lib/message/allowed-senders.js';
import { AddressPatterns } from '../../../lib/options/address-patterns.js';
import { compose, plain } from './compose.js';

const ALLOWED = new AddressPatterns(['shop.example', 'news@other.example']);

function check(head: string): unknown {
  try {
    checkHead(
      Buffer.from(`${head}\r\n\r\nFrom: body@evil.example\r\n`),
      ALLOWED,
      0,
    );
    return 'allowed';
  } catch (error) {
    if (!isMailError(error)) throw error;
    const { code, scope, retryable, deliveryState } = error;
    return { code, scope, retryable, deliveryState };
  }
}

const REFUSED = {
  code: 'SENDER',
  scope: 'sender',
  retryable: false,
  deliveryState: 'not-sent',
};

describe('the senders of a head', () => {
  it.each([
    'From: hello@shop.example',
    'from: HELLO@SHOP.EXAMPLE',
    'From: Shop <hello@shop.example>, News <news@other.example>',
    'From: hello@shop.example\r\nSender: news@other.example',
    'From: "eve@evil.example" <hello@shop.example>',
    'From: "a \\" eve@evil.example" <hello@shop.example>',
    'From: =?utf-8?q?=40?= <hello@shop.example>',
    'From:\r\n Shop\r\n\t<hello@shop.example>',
    'From: hello@shop.example\r\nReply-To: eve@evil.example',
    'From: hello@shop.example\r\nX-From: eve@evil.example\r\n From: x@y.example',
  ])('are allowed: %j', (head) => {
    expect(check(head)).toBe('allowed');
  });

  it.each([
    'From: eve@evil.example',
    'From: other@other.example',
    'From: hello@sub.shop.example',
    'From: hello@shop.example, eve@evil.example',
    'From: hello@shop.example,\r\n eve@evil.example',
    'From: hello@shop.example,\n eve@evil.example',
    'From: hello@shop.example,\r eve@evil.example',
    'From: hello@shop.example\r\nFrom: eve@evil.example',
    'From: hello@shop.example\rfrom: eve@evil.example',
    'From: hello@shop.example\nSENDER: eve@evil.example',
    'Sender: eve@evil.example\r\nFrom: hello@shop.example',
    'From: Team: hello@shop.example, eve@evil.example;',
    'From: eve@evil.example <hello@shop.example>',
    'From: <eve@evil.example> <hello@shop.example>',
    'From: <hello@shop.example> <eve@evil.example>',
    'From: hello@shop.example (eve@evil.example)',
    'From: "hello@shop.example" <eve@evil.example>',
    'From: <hello@shop.example,eve@evil.example>',
    'From: eve@evil.example@shop.example',
    'From: "Shop <eve@evil.example>, <hello@shop.example>',
    'From: "Shop eve@evil.example <hello@shop.example>\\',
    'From: Shop',
    'From: Team:;',
    'From:',
  ])('are refused: %j', (head) => {
    expect(check(head)).toEqual(REFUSED);
  });

  it('are told with their domain, their place and the option', () => {
    const bytes = Buffer.from('From: eve@evil.example\r\n\r\n');

    expect(() => checkHead(bytes, ALLOWED, 0)).toThrow(
      /^An address at evil\.example in the header From is not allowed as a sender\. The option `allowedFrom` /,
    );
    expect(() => checkHead(bytes, ALLOWED, 0)).not.toThrow(/eve@/);
  });

  it.each([
    'eve@evil.example',
    'eve@evil.example, Inc. (ok)',
    'Größe @ eve@evil.example',
    'a "quoted" \\ eve@evil.example',
    '<eve@evil.example>',
  ])('may have the name %j, as it is composed', async (name) => {
    const from = { name, address: 'hello@shop.example' };

    const root = await compose(plain({ from }));

    expect(check(root.buildHeaders())).toBe('allowed');
  });

  it('may be anybody where the option is not set', () => {
    const bytes = Buffer.from('From: eve@evil.example\r\n\r\n');

    expect(() => checkHead(bytes, undefined, 0)).not.toThrow();
  });
});
