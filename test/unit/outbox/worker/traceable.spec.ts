import { describe, expect, it } from 'vitest';

import { messageIdOf } from '../../../../lib/outbox/job/job-ids.js';
import { isTraceable } from '../../../../lib/outbox/worker/traceable.js';

const JOB = 'm-1';
const messageId = messageIdOf(JOB, 'shop.example');
const many = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `u${n}@x.example`);

describe('a message that an event can tell all of', () => {
  it.each([
    ['one recipient', { to: 'a@x.example' }],
    ['a thousand', { to: many(999), bcc: 'b@x.example' }],
    ['a thousand in a text', { to: many(1000).join(', ') }],
    ['an envelope of its own', { to: [], envelope: { to: many(1000) } }],
  ])('has %s', (_what, message) => {
    expect(isTraceable({ ...message, messageId }, JOB)).toBe(true);
  });

  it.each([
    ['more', { messageId, to: many(999), cc: many(2) }],
    ['more in a text', { messageId, to: many(1001).join(',') }],
    ['more in a group', { messageId, to: { name: 'all', group: many(1001) } }],
    ['more in an envelope', { messageId, envelope: { to: many(1001) } }],
    ['no Message-ID', { to: 'a@x.example' }],
    ['that of another', { messageId: messageIdOf('m-2'), to: 'a@x.example' }],
    ['one of its own', { messageId: '<own@x.example>', to: 'a@x.example' }],
    ['its text', { messageId, raw: 'Subject: Hi\r\n\r\nHi' }],
  ])('has not %s', (_what, message) => {
    expect(isTraceable(message, JOB)).toBe(false);
  });
});
