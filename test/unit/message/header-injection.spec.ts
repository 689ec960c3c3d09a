import { describe, expect, it } from 'vitest';

import type {
  MailHeaders,
  MailMessage,
} from '../../../lib/message/mail-message.js';
import { serialize } from '../../../lib/message/serialize.js';
import { LIMITS, compose, plain } from './compose.js';
import { refusalOf } from './refusal.js';

const SPELLINGS = [
  'X-SMTPAPI',
  'x-smtpapi',
  'x-smtpapi ',
  'X-SMTPAPI\0',
  ' X-Smtpapi',
  'X-SMTP API',
  'X-SMTPAPI:',
  'X:-SMTP\r\nAPI',
  '\tX-SMTPAPI\x7f',
  'X-SMTPAPI\u00a0',
];

function headerForms(key: string, value: unknown): MailHeaders[] {
  // What callers pass is not bound to the types.
  return [
    { [key]: value },
    { [key]: [value] },
    { key, value },
    [{ key, value }],
    [{ key, value: ['a', value] }],
  ] as MailHeaders[];
}

function places(headers: MailHeaders): MailMessage[] {
  return [
    { headers },
    { attachments: [{ content: 'x', headers }] },
    { text: null, attachments: [{ content: 'x', headers }] },
    { alternatives: [{ content: 'x', headers }] },
    { icalEvent: { content: 'x', headers } },
  ];
}

describe.each(SPELLINGS)('the header %j', (key) => {
  it('is refused in every form and place', async () => {
    for (const headers of headerForms(key, '{"to":["evil@z.com"]}')) {
      for (const place of places(headers)) {
        const error = await refusalOf(() => compose(plain(place)));

        expect(error.message).toContain('X-SMTPAPI');
      }
    }
  });

  it('is refused in the defaults of the transport', async () => {
    const defaults = { headers: { [key]: '{}' } };

    expect(
      await refusalOf(() => compose(plain(), { defaults })),
    ).toHaveProperty('code', 'INVALID_MESSAGE');
  });
});

describe('a prepared header value', () => {
  it.each([
    'v\r\nX-SMTPAPI: {"to":["evil@z.com"]}',
    'v\nX-SMTPAPI: {}',
    'v\rBcc: evil@z.com',
    'v\r\n',
    'v\r\n ',
    'v\r\n \r\nbody',
    'v\r\n\r\n body',
    'v\0',
    'v\r\n fold\n',
    '\r\nBcc: evil@z.com',
  ])('%j is refused in every form and place', async (value) => {
    const prepared = { prepared: true, value };

    for (const headers of headerForms('Foo', prepared)) {
      for (const place of places(headers)) {
        const error = await refusalOf(() => compose(plain(place)));

        expect(error.message).toContain('fold');
      }
    }
  });

  it.each(['subject', 'messageId', 'inReplyTo', 'xMailer'])(
    'is refused as `%s`',
    async (field) => {
      const value = { prepared: true, value: 'v\r\nX-SMTPAPI: {}' };

      const error = await refusalOf(() => compose(plain({ [field]: value })));

      expect(error.message).toContain(field);
    },
  );

  it('may hold folds', async () => {
    const headers = {
      Foo: { prepared: true, value: 'one\r\n two\r\n\tthree' },
    };

    const tree = await compose(plain({ headers }));

    expect(tree.buildHeaders()).toContain('Foo: one\r\n two\r\n\tthree\r\n');
  });

  it.each([
    [
      'a value that is an object',
      { prepared: true, value: { toString: String } },
    ],
    ['a list of lists', [[['a']]]],
    ['a function', () => 'x'],
    ['an object without a value', { text: 'x' }],
  ])('refuses %s', async (_form, value) => {
    expect(
      await refusalOf(() =>
        compose(plain({ headers: { Foo: value } as MailHeaders })),
      ),
    ).toHaveProperty('code', 'INVALID_MESSAGE');
  });
});

describe('headers', () => {
  it.each([
    ['text', 'X-A: b'],
    ['a list of texts', ['X-A: b']],
    ['a key that is an object', [{ key: { 'X-SMTPAPI': '{}' } }]],
    ['a key that is a list', [{ key: ['X-SMTPAPI'], value: '{}' }]],
  ])('are refused as %s', async (_form, headers) => {
    const error = await refusalOf(() =>
      compose(plain({ headers: headers as unknown as MailHeaders })),
    );

    expect(error.message).toContain('`headers');
  });

  it.each([
    'contentType',
    'contentTransferEncoding',
    'contentDisposition',
    'cid',
    'filename',
  ])(
    'are not written through an object as `attachments[].%s`',
    async (field) => {
      const value = { prepared: true, value: 'a/b\r\nX-SMTPAPI: {}' };
      const attachments = [{ content: 'x', [field]: value }];

      const error = await refusalOf(() => compose(plain({ attachments })));

      expect(error.message).toContain(`attachments[0].${field}`);
    },
  );

  it('keep the form that plugins write to', async () => {
    const tree = await compose(plain({ headers: { 'X-A': 'a' } }), {
      compile: (mail, done) => {
        Object.assign(mail.data.headers ?? {}, { 'X-Plugin': 'was here' });
        done();
      },
    });

    expect(tree.buildHeaders()).toContain('X-Plugin: was here');
  });

  it('cannot take over a prototype', async () => {
    const headers = JSON.parse('{"__proto__": {"prepared": true}, "X-A": "a"}');

    const { content } = await serialize(
      await compose(plain({ headers })),
      LIMITS,
    );

    expect(content.kind).toBe('bytes');
    expect(Reflect.get({}, 'prepared')).toBeUndefined();
  });

  it('are not renamed by a function', async () => {
    const message = { ...plain(), normalizeHeaderKey: () => 'X-SMTPAPI' };

    const error = await refusalOf(() => compose(message));

    expect(error.message).toContain('normalizeHeaderKey');
  });
});

describe('a raw message', () => {
  const evil = 'From: a@x.example\r\nX-A: b';

  it.each([
    ['Bcc', `${evil}\r\nBcc: evil@z.com\r\n\r\nbody`],
    ['X-SMTPAPI', `${evil}\r\nx-smtpApi: {}\r\n\r\nbody`],
    ['X-SMTPAPI behind a lone CR', `${evil}\rX-SMTPAPI: {}\r\n\r\nbody`],
    ['X-SMTPAPI behind a lone LF', `${evil}\nX-SMTPAPI: {}\r\n\r\nbody`],
    ['Bcc behind mixed line ends', `${evil}\r \nX: y\n\tz\rBcc: x\n\nbody`],
    ['a blank before the colon', `${evil}\r\nX-SMTPAPI : {}\r\n\r\nbody`],
    ['NUL', `${evil}\0\r\n\r\nbody`],
    ['a line that is no header', `${evil}\r\nhello\r\n\r\nbody`],
    ['a first line that is a fold', ` ${evil}\r\n\r\nbody`],
    ['no header', '\r\nbody'],
    ['no From', 'To: a@x.example\r\n\r\nbody'],
    ['a long line', `${evil}${'x'.repeat(1000)}\r\n\r\nbody`],
  ])('with %s is refused', async (_label, text) => {
    for (const raw of [text, Buffer.from(text)]) {
      const tree = await compose(plain({ raw }));

      expect(
        await refusalOf(async () => serialize(tree, LIMITS)),
      ).toHaveProperty('code', 'INVALID_MESSAGE');
    }
  });

  it('may use any line ends', async () => {
    for (const end of ['\r\n', '\n', '\r']) {
      const raw = ['From: a@x.example', 'X-A: b', '', 'Bcc: in the body'].join(
        end,
      );

      const { content } = await serialize(
        await compose(plain({ raw })),
        LIMITS,
      );

      if (content.kind !== 'bytes') throw new Error('is not in memory');
      expect(content.bytes.toString()).toContain(raw);
    }
  });
});

describe('a Message-ID', () => {
  it.each([
    ['1@x.example', '<1@x.example>'],
    ['<1@x.example>', '<1@x.example>'],
    ['<1@x.example', '<1@x.example>'],
  ])('%s is written as %s', async (messageId, written) => {
    const tree = await compose(plain({ messageId }));

    expect(tree.messageId()).toBe(written);
    expect(tree.buildHeaders()).toContain(`Message-ID: ${written}\r\n`);
  });

  it.each(['<1@x.example>\r\nBcc: evil@z.com', 'a\nb', 'a\0b'])(
    'is refused with a line break or NUL: %j',
    async (messageId) => {
      const error = await refusalOf(() => compose(plain({ messageId })));

      expect(error.message).toContain('`messageId`');
    },
  );
});

describe('what a plugin writes', () => {
  it('is checked in the bytes that leave', async () => {
    for (const name of ['X-SMTPAPI', 'x-smtpapi']) {
      const tree = await compose(plain(), {
        stream: (mail, done) => {
          mail.message.setHeader(name, '{}');
          done();
        },
      });

      expect(
        await refusalOf(async () => serialize(tree, LIMITS)),
      ).toHaveProperty('code', 'INVALID_MESSAGE');
    }
  });
});
