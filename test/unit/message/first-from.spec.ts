import { describe, expect, it } from 'vitest';

import { firstFrom } from '../../../lib/message/first-from.js';

const ADDRESS = 'hello@shop.example';

describe('the first address of From', () => {
  it.each([
    `From: ${ADDRESS}`,
    `FROM:${ADDRESS}`,
    `From: Shop <${ADDRESS}>, eve@evil.example`,
    `From: "eve@evil.example" <${ADDRESS}>`,
    `From: =?utf-8?q?=40?= <${ADDRESS}>`,
    `From: Shop, ${ADDRESS}`,
    `From: Team: ${ADDRESS}, eve@evil.example;`,
    `From:\r\n Shop\r\n\t<${ADDRESS}>`,
    `From:\n Shop\r <${ADDRESS}>`,
    `X-From: eve@evil.example\r\n From: eve@evil.example\r\nFrom: ${ADDRESS}`,
    `Sender: eve@evil.example\nFrom: ${ADDRESS}\nFrom: eve@evil.example`,
  ])('is read from the head %j', (head) => {
    for (const lineEnd of ['\r\n', '\n', '\r']) {
      const body = `${lineEnd}${lineEnd}From: body@evil.example\r\n`;

      expect(firstFrom(Buffer.from(head))).toBe(ADDRESS);
      expect(firstFrom(Buffer.from(head + body))).toBe(ADDRESS);
    }
  });

  it.each(['From:', 'From: Shop', 'From: Team:;'])(
    'is missing in %j',
    (head) => {
      const bytes = Buffer.from(`${head}\r\n\r\nFrom: body@evil.example\r\n`);

      expect(firstFrom(bytes)).toBeUndefined();
    },
  );
});
