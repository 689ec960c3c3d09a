import type { SendMailOptions } from 'nodemailer';
import { describe, expect, it } from 'vitest';

import { assignIds, newMessageId } from '../../../lib/message/assign-ids.js';
import { compose, plain } from './compose.js';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

function assigned(data: SendMailOptions): SendMailOptions {
  assignIds(data);
  return data;
}

describe('assignIds', () => {
  it.each<[SendMailOptions['from'], string]>([
    ['a@x.example', 'x.example'],
    ['Ann <a@x.example>', 'x.example'],
    [{ name: 'Ann', address: 'a@x.example' }, 'x.example'],
    [['Ann <a@x.example>', 'b@y.example'], 'x.example'],
    ['a@bücher.example', 'xn--bcher-kva.example'],
    ['a@[127.0.0.1]', 'message.invalid'],
    ['a@x.example\r\nX-A: b', 'message.invalid'],
    ['Ann', 'message.invalid'],
    [undefined, 'message.invalid'],
  ])('names the domain of %j', (from, domain) => {
    const { messageId } = assigned({ from });

    expect(messageId).toMatch(new RegExp(`^<${UUID}@${domain}>$`));
  });

  it('reads SendGrid’s name for the address', () => {
    const from = { email: 'a@x.example' };

    expect(assigned({ from } as SendMailOptions).messageId).toContain(
      '@x.example>',
    );
  });

  it('makes fresh ids every time', () => {
    const ids = Array.from({ length: 100 }, () => assigned({}));

    expect(new Set(ids.map(({ messageId }) => messageId)).size).toBe(100);
    expect(new Set(ids.map(({ baseBoundary }) => baseBoundary)).size).toBe(100);
  });

  it('keeps what the message has', () => {
    const data = { messageId: '<1@x.example>', baseBoundary: 'b' };

    expect(assigned({ ...data })).toEqual(data);
  });

  it.each<SendMailOptions['headers']>([
    { 'message-id': '<1@x.example>' },
    [{ key: 'Message-ID', value: '<1@x.example>' }],
  ])('keeps the Message-ID of %j', async (headers) => {
    const tree = await compose(
      plain({ ...assigned({ headers }), messageId: null } as object),
    );

    expect(tree.messageId()).toBe('<1@x.example>');
  });
});

describe('newMessageId', () => {
  it('ends in the domain of the sender', () => {
    expect(newMessageId('x.example')).toMatch(
      new RegExp(`^<${UUID}@x.example>$`),
    );
  });
});
