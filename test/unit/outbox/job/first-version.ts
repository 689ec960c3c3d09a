import { createSecretKey } from 'node:crypto';

const key = createSecretKey(Buffer.alloc(32, 'k'));

/** With what the sealed job of `jobs-v1.json` was sealed. */
export const FIRST_CIPHER = {
  current: '2026-01',
  currentKey: key,
  keys: new Map([['2026-01', key]]),
};

/** The message in the jobs of `jobs-v1.json`. */
export const FIRST_MESSAGE = {
  from: 'Shop <hello@shop.example>',
  to: [
    'ada@example.com',
    { name: 'Bob', email: 'bob@example.com' },
    { name: 'Team', group: [{ address: 'eve@example.com' }] },
  ],
  cc: null,
  envelope: { from: 'bounce@shop.example', to: ['ada@example.com'] },
  subject: 'Größe 🔑 \ud83d \0',
  messageId: '<1@shop.example>',
  date: new Date(1_767_225_600_000),
  references: ['<0@shop.example>'],
  headers: {
    'X-Second': ['a', 7, true, new Date(0), undefined],
    'X-First': { prepared: true, value: 'raw' },
    $date: 'a name like a mark',
  },
  list: { unsubscribe: [{ url: 'https://shop.example/u', comment: 'Bye' }] },
  sendgrid: {
    categories: ['orders'],
    sendAt: new Date(1_767_225_600_000),
    customArgs: { $buffer: 'no bytes', order: 1 },
  },
  text: Buffer.from('Hello\r\n'),
  html: { content: '<p>Hello</p>', encoding: 'utf8' },
  attachments: [
    {
      filename: 'a.bin',
      content: new Uint8Array([0, 1, 254, 255]),
      headers: [{ key: 'X-Part', value: 'p' }],
    },
    { path: 'data:text/plain,x', filename: false },
  ],
  icalEvent: { method: 'REQUEST', content: 'BEGIN:VCALENDAR' },
};
