import { describe, expect, it } from 'vitest';

import type { MailMessage } from '../../../lib/message/mail-message.js';
import { serialize } from '../../../lib/message/serialize.js';
import { LIMITS, compose, plain } from './compose.js';
import { refusalOf } from './refusal.js';

function places(location: object): Record<string, unknown>[] {
  return [
    { attachments: [location] },
    { attachments: location },
    { attachments: [{ content: location }] },
    { attachments: [{ raw: location }] },
    { alternatives: [location] },
    { html: location },
    { html: { content: location } },
    { text: location },
    { watchHtml: location },
    { amp: location },
    { raw: location },
    { icalEvent: location },
    { icalEvent: { content: location } },
  ];
}

// What callers pass is not bound to the types.
function message(fields: Record<string, unknown>): MailMessage {
  return plain(fields);
}

describe('content that points elsewhere', () => {
  it.each([
    { path: '/etc/passwd' },
    { path: 'file:///etc/passwd' },
    { path: new URL('file:///etc/passwd') },
    { path: 'DATA:text/plain,x' },
  ])('is refused as a file: %j', async (location) => {
    for (const place of places(location)) {
      const error = await refusalOf(() => compose(message(place)));

      expect(error.message).toContain('`attachments.allowFiles`');
    }
  });

  it.each([
    { href: 'https://example.com/x' },
    { path: 'https://example.com/x' },
    { path: 'HTTP://example.com/x' },
    { href: 'file:///etc/passwd' },
  ])('is refused as a URL: %j', async (location) => {
    for (const place of places(location)) {
      const error = await refusalOf(() => compose(message(place)));

      expect(error.message).toContain('`attachments.allowUrls`');
    }
  });

  it('may be a data URI', async () => {
    const path = 'data:text/plain;base64,aGVsbG8=';
    const tree = await compose(
      plain({ text: null, attachments: [{ path, contentType: 'text/plain' }] }),
    );

    const { content } = await serialize(tree, LIMITS);

    if (content.kind !== 'bytes') throw new Error('is not in memory');
    expect(content.bytes.toString()).toContain('aGVsbG8=');
  });

  it('is refused by the same errors when a plugin puts it there', async () => {
    for (const [location, option] of [
      [{ path: '/etc/passwd' }, 'allowFiles'],
      [{ href: 'http://127.0.0.1:9/' }, 'allowUrls'],
    ] as const) {
      const tree = await compose(plain(), {
        stream: (mail, done) => {
          mail.message.setContent(location);
          done();
        },
      });

      const error = await refusalOf(async () => serialize(tree, LIMITS));

      expect(error.message).toContain(`\`attachments.${option}\``);
    }
  });
});

describe('content of a wrong kind', () => {
  it.each<[string, Record<string, unknown>]>([
    ['text', { text: 5 }],
    ['html', { html: {} }],
    ['html', { html: ['a'] }],
    ['raw', { raw: { content: 'x' } }],
    ['icalEvent', { icalEvent: new Date(0) }],
    ['attachments[0]', { attachments: ['a'] }],
    ['attachments[1]', { attachments: [{ content: 'x' }, null] }],
    ['attachments[0].content', { attachments: [{ content: {} }] }],
    [
      'attachments[0].encoding',
      { attachments: [{ content: 'x', encoding: 'x' }] },
    ],
    ['envelope', { envelope: 'a@x.example' }],
  ])('is refused in `%s`', async (field, fields) => {
    const error = await refusalOf(() => compose(message(fields)));

    expect(error.message).toContain(`\`${field}\``);
  });
});
