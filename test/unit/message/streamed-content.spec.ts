import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';

import { describe, expect, it } from 'vitest';

import type { MailMessage } from '../../../lib/message/mail-message.js';
import { serialize } from '../../../lib/message/serialize.js';
import type { Content } from '../../../lib/smtp/content.js';
import { LIMITS, compose, plain } from './compose.js';
import { refusalOf } from './refusal.js';

const LARGE = Buffer.alloc(300_000, 'large content ');
const SMALL_LIMITS = { ...LIMITS, maxStreamBytes: 64 * 1024 };

function places(open: () => MailMessage['raw']): [string, MailMessage][] {
  const content = open() as Readable;
  return [
    ['text', { text: open() }],
    ['html', { html: open() }],
    ['html.content', { html: { content: open() as Readable } }],
    ['attachment', { attachments: [{ content, filename: 'a.bin' }] }],
    ['alternative', { alternatives: [{ content: open() as Readable }] }],
    ['icalEvent', { icalEvent: open() }],
    ['icalEvent.content', { icalEvent: { content: open() as Readable } }],
  ];
}

async function bytesOf(
  serialized: ReturnType<typeof serialize>,
): Promise<Buffer> {
  const { content } = await serialized;
  if (content.kind !== 'bytes') throw new Error('is not in memory');
  return content.bytes;
}

async function streamed(
  message: MailMessage,
  limits = SMALL_LIMITS,
): Promise<Content & { kind: 'stream' }> {
  const { content } = await serialize(await compose(message), limits);
  if (content.kind !== 'stream') throw new Error('is in memory');
  return content;
}

describe('a small streamed message', () => {
  const text = 'Grüße, Ännchen\r\n'.repeat(20);

  it.each([
    ['streams', () => Readable.from([text.slice(0, 7), text.slice(7)])],
    ['functions', () => () => Readable.from([Buffer.from(text)])],
  ])(
    'made from %s is held in memory, as nodemailer builds it',
    async (_of, open) => {
      const actual = places(open);
      const expected = places(() => Readable.from([text]));

      for (const [i, [place, message]] of actual.entries()) {
        const tree = await compose(plain(expected[i]?.[1]));
        const bytes = await bytesOf(
          serialize(await compose(plain(message)), LIMITS),
        );

        expect([place, bytes.toString()]).toEqual([
          place,
          (await tree.build()).toString(),
        ]);
      }
    },
  );

  it('opens a calendar event once for its two parts', async () => {
    let opened = 0;
    const icalEvent = (): Readable => {
      opened += 1;
      return Readable.from([`UID:${opened}\r\n`]);
    };

    const bytes = await bytesOf(
      serialize(await compose(plain({ icalEvent })), LIMITS),
    );

    expect(opened).toBe(1);
    expect(bytes.toString()).toContain('UID:1');
    expect(bytes.toString()).toContain(
      Buffer.from('UID:1\r\n').toString('base64'),
    );
  });

  it('opens the raw part of a calendar event for each of its two parts', async () => {
    const part = 'Content-Type: text/calendar\r\n\r\nUID:1\r\n';
    const raw = (): Readable => Readable.from([part]);

    const bytes = await bytesOf(
      serialize(await compose(plain({ icalEvent: { raw } })), LIMITS),
    );

    expect(bytes.toString().split(part)).toHaveLength(3);
  });

  it('takes raw from a stream and from a function', async () => {
    const raw = 'From: a@x.example\r\nX-A: b\r\n\r\nbody\r\n';

    for (const source of [Readable.from([raw]), () => Readable.from([raw])]) {
      const bytes = await bytesOf(
        serialize(await compose(plain({ raw: source })), LIMITS),
      );

      expect(bytes.toString()).toBe(raw);
    }
  });

  it('checks the header block of raw, however it is cut', async () => {
    const good = 'From: a@x.example\r\nX-A: b\r\n\r\nBcc: in the body\r\n';
    const bad = ['\r\nBcc: c@x.example', '\rX-SMTPAPI: {}', '\nno header'];

    for (const size of [1, 2, 3, 7]) {
      const cut = (raw: string): Readable =>
        Readable.from(raw.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []);
      const bytes = await bytesOf(
        serialize(await compose(plain({ raw: cut(good) })), LIMITS),
      );

      expect(bytes.toString()).toBe(good);
      for (const line of bad) {
        const raw = cut(good.replace('X-A: b', `X-A: b${line}`));
        const tree = await compose(plain({ raw }));

        expect(
          await refusalOf(async () => serialize(tree, LIMITS)),
        ).toHaveProperty('code', 'INVALID_MESSAGE');
      }
    }
  });
});

describe('a large streamed message', () => {
  it('made from functions is opened anew for every attempt', async () => {
    let opened = 0;
    const open = (): Readable => {
      opened += 1;
      return Readable.from([LARGE]);
    };
    const message = plain({
      attachments: [{ content: open }],
      icalEvent: open,
    });
    const expected = await compose(
      plain({
        attachments: [{ content: Readable.from([LARGE]) }],
        icalEvent: Readable.from([LARGE]),
      }),
    ).then((tree) => tree.build());

    const content = await streamed(message);
    const first = content.open();
    await once(first, 'readable');
    first.destroy();
    const second = await buffer(content.open());
    const third = await buffer(content.open());

    expect(content.reusable).toBe(true);
    expect(second.equals(expected)).toBe(true);
    expect(third.equals(expected)).toBe(true);
    expect(opened).toBe(4);
  });

  it('made from Buffers is reusable when something processes the stream', async () => {
    const tree = await compose(plain({ attachments: [{ content: LARGE }] }), {
      stream: (mail, done) => {
        mail.message.transform(() => new PassThrough());
        done();
      },
    });

    const { content } = await serialize(tree, SMALL_LIMITS);

    if (content.kind !== 'stream') throw new Error('is in memory');
    expect(content.reusable).toBe(true);
    expect(
      (await buffer(content.open())).equals(await buffer(content.open())),
    ).toBe(true);
  });

  it('is single-use when it passes a transform that can run once', async () => {
    const tree = await compose(plain({ attachments: [{ content: LARGE }] }), {
      stream: (mail, done) => {
        mail.message.transform(new PassThrough());
        done();
      },
    });

    const { content } = await serialize(tree, SMALL_LIMITS);

    expect(content).toMatchObject({ kind: 'stream', reusable: false });
  });

  it('made from functions holds nothing open between attempts', async () => {
    const opened: Readable[] = [];
    const open = (): Readable => {
      opened.push(Readable.from(Array.from({ length: 99 }, () => LARGE)));
      return opened.at(-1) ?? Readable.from([]);
    };

    await streamed(plain({ attachments: [{ content: open }] }));
    await new Promise(setImmediate);

    expect(opened.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it('made from a stream can be read once', async () => {
    const expected = await compose(
      plain({ attachments: [{ content: Readable.from([LARGE]) }] }),
    ).then((tree) => tree.build());

    const content = await streamed(
      plain({ attachments: [{ content: Readable.from([LARGE]) }] }),
    );
    const bytes = await buffer(content.open());
    const error = await refusalOf(() => buffer(content.open()));

    expect(content.reusable).toBe(false);
    expect(bytes.equals(expected)).toBe(true);
    expect(error.message).toContain('Pass a function');
  });

  it('ends with an error when its content fails after it was queued', async () => {
    const source = new PassThrough();
    source.write(LARGE);
    const content = await streamed(
      plain({ attachments: [{ content: source }] }),
    );

    source.destroy(new Error('disk on fire'));
    await finished(source).catch(() => undefined);
    const error = await new Promise((resolve) =>
      content.open().once('error', resolve).resume(),
    );

    expect(error).toMatchObject({
      code: 'INVALID_MESSAGE',
      cause: { message: 'disk on fire' },
    });
  });

  it('ends with an error when its content fails while it is read', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 50; i += 1) yield LARGE;
      throw new Error('disk on fire');
    }
    const open = (): Readable => Readable.from(failing());

    for (const content of [open, open()]) {
      const large = await streamed(plain({ attachments: [{ content }] }));
      const error = await refusalOf(() => buffer(large.open()));

      expect(error.cause).toMatchObject({ message: 'disk on fire' });
    }
  });

  it('closes its sources when the reader gives up', async () => {
    const sources: Readable[] = [];
    const open = (): Readable => {
      const source = Readable.from([LARGE, LARGE, LARGE]);
      sources.push(source);
      return source;
    };
    const content = await streamed(
      plain({ attachments: [{ content: open }, { content: () => open() }] }),
    );

    const reading = content.open();
    await once(reading, 'readable');
    reading.destroy();
    await once(reading, 'close');
    await new Promise(setImmediate);

    expect(sources).toHaveLength(4);
    expect(sources.every(({ destroyed }) => destroyed)).toBe(true);
  });
});

describe('maxMessageBytes', () => {
  const limits = { maxStreamBytes: 1000, maxMessageBytes: 100_000 };

  it.each<[string, MailMessage]>([
    ['in memory', { attachments: [{ content: LARGE }] }],
    ['from a stream', { attachments: [{ content: Readable.from([LARGE]) }] }],
    [
      'from a function',
      { attachments: [{ content: () => Readable.from([LARGE]) }] },
    ],
  ])('stops a message %s', async (_label, message) => {
    const tree = await compose(plain(message));

    const error = await refusalOf(async () => {
      const { content } = await serialize(tree, limits);
      if (content.kind === 'stream') await buffer(content.open());
    });

    expect(error.message).toContain('`maxMessageBytes` (100000 bytes)');
  });

  it('stops a header block that does not end', async () => {
    const endless = function* (): Generator<string> {
      for (;;) yield 'X-A: '.padEnd(900, 'b') + '\r\n';
    };
    const tree = await compose(plain({ raw: Readable.from(endless()) }));

    const error = await refusalOf(async () => serialize(tree, limits));

    expect(error.message).toContain('maxMessageBytes');
  });
});

describe('a content stream', () => {
  const failed = new PassThrough().on('error', () => undefined);
  failed.destroy(new Error('gone'));

  it.each<[string, () => unknown]>([
    ['that was destroyed', () => new PassThrough().destroy()],
    ['that has failed', () => failed],
    ['that fails at once', () => new PassThrough().destroy(new Error('now'))],
    ['that gives objects', () => Readable.from([{ a: 1 }])],
    [
      'that is destroyed halfway',
      () => {
        const source = new PassThrough();
        source.write('half');
        setImmediate(() => source.destroy());
        return source;
      },
    ],
    [
      'of a function that throws',
      () => () => {
        throw new Error('no such file');
      },
    ],
    ['of an async function', () => () => Promise.resolve(Readable.from(['a']))],
    ['of a function that returns text', () => () => 'text'],
  ])('%s fails the message', async (_label, make) => {
    for (const encoding of ['base64', '8bit']) {
      const content = make() as Readable;
      const attachments = [
        {
          content,
          contentType: 'message/rfc822',
          contentTransferEncoding: encoding,
        },
      ];
      const tree = await compose(plain({ attachments }));

      expect(
        await refusalOf(async () => serialize(tree, LIMITS)),
      ).toHaveProperty('code', 'INVALID_MESSAGE');
    }
  });

  it('that was read before fails the message', async () => {
    const content = Readable.from(['a']);
    await buffer(content);
    const tree = await compose(plain({ attachments: [{ content }] }));

    const error = await refusalOf(async () => serialize(tree, LIMITS));

    expect(error.message).toContain('read before');
  });

  it('of a message that fails is closed', async () => {
    const opened: Readable[] = [];
    const open = (): Readable => {
      const stream = new PassThrough();
      opened.push(stream);
      return stream;
    };
    const wrong = (() => 'text') as unknown as () => Readable;
    const tree = await compose(
      plain({ attachments: [{ content: open }, { content: wrong }] }),
    );

    expect(await refusalOf(async () => serialize(tree, LIMITS))).toHaveProperty(
      'code',
      'INVALID_MESSAGE',
    );
    await new Promise(setImmediate);

    expect(opened.map(({ destroyed }) => destroyed)).toEqual([true]);
  });
});
