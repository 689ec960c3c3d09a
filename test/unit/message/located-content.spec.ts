import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ContentAccess } from '../../../lib/message/content-access.js';
import type { MailMessage } from '../../../lib/message/mail-message.js';
import { serialize } from '../../../lib/message/serialize.js';
import { AllowedUrls } from '../../../lib/options/allowed-urls.js';
import { LIMITS, compose, plain } from './compose.js';
import { refusalOf } from './refusal.js';
import { serving } from './urls/a-server.js';

const CONTENT = 'From: shop@shop.example\r\n\r\nGrüße, ÿ\r\n';

const NAMES = [
  'a.pdf',
  'a.PNG',
  'page.html',
  'mail.eml',
  'archive.tar.gz',
  'without',
  'sub/deep/b.txt',
  'with blank.txt',
  'ä.txt',
  'what?.txt',
  'back\\slash.txt',
  '.hidden',
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'located-'));
  for (const name of NAMES) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), CONTENT);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function accessTo(...hosts: string[]): ContentAccess {
  const urls = new AllowedUrls(hosts);
  return new ContentAccess(
    { directory: folder, urls, urlTimeoutMs: 10_000 },
    1_000_000,
  );
}

// What callers pass is not bound to the types.
function message(fields: Record<string, unknown>): MailMessage {
  return plain(fields);
}

async function ours(
  fields: Record<string, unknown>,
  access: ContentAccess,
): Promise<string> {
  const tree = await compose(message(fields), { access });
  const { content } = await serialize(tree, LIMITS);
  if (content.kind !== 'bytes') throw new Error('is not in memory');
  return content.bytes.toString('latin1');
}

/** As nodemailer writes it when it reads for itself. */
async function theirs(fields: Record<string, unknown>): Promise<string> {
  const tree = await compose(message(fields), { admit: false });
  return (await tree.build()).toString('latin1');
}

function places(location: object): Record<string, unknown>[] {
  return [
    { attachments: [location] },
    { attachments: location },
    { attachments: [{ content: 'first' }, location] },
    { attachments: [{ ...location, filename: 'other.txt' }] },
    { attachments: [{ ...location, filename: '' }] },
    { attachments: [{ ...location, filename: false }] },
    { attachments: [{ ...location, contentType: 'text/plain' }] },
    { attachments: [{ ...location, contentType: 'message/rfc822' }] },
    { attachments: [{ ...location, cid: 'a@b' }], html: '<img src=cid:a@b>' },
    { attachments: [{ ...location, contentDisposition: 'inline' }] },
    { attachments: [{ ...location, contentTransferEncoding: '8bit' }] },
    { attachments: [{ ...location, headers: { 'X-A': 'b' } }] },
    { attachments: [{ ...location, content: 'not this', contentType: 'a/b' }] },
    { attachments: [{ ...location, raw: 'X-A: b\r\n\r\nthis' }] },
    { attachments: [{ content: location }] },
    { attachments: [{ content: location, filename: 'c.csv' }] },
    { attachments: [{ raw: location }] },
    { alternatives: [location] },
    { alternatives: [{ ...location, filename: 'other.ics' }] },
    { alternatives: [{ ...location, contentType: 'text/x-web-markdown' }] },
    { html: location },
    { html: { content: location } },
    { text: location },
    { watchHtml: location },
    { amp: location },
    { raw: location },
    { icalEvent: location },
    { icalEvent: { ...location, filename: 'i.ics', method: 'request' } },
    { icalEvent: { content: location } },
  ];
}

describe('a file as content', () => {
  it.each(NAMES)('goes out as nodemailer writes it: %j', async (name) => {
    for (const [i, place] of places({ path: name }).entries()) {
      // nodemailer would start from the directory of the process.
      const absolute = places({ path: join(folder, name) })[i] ?? {};
      const expected = await theirs(absolute);

      expect(await ours(place, accessTo())).toBe(expected);
      expect(await ours(absolute, accessTo())).toBe(expected);
    }
  });
});

describe('a URL as content', () => {
  it.each(['href', 'path'])(
    'goes out as nodemailer writes it: %s',
    async (key) => {
      const { origin } = await serving((_request, response) =>
        response.end(CONTENT),
      );
      const urls = [
        '/a.pdf',
        '/a/b/c.png?sig=a/b.txt',
        '/',
        '/?a',
        '/page',
        '',
      ];

      for (const url of urls) {
        for (const place of places({ [key]: `${origin}${url}` })) {
          expect(await ours(place, accessTo(origin))).toBe(await theirs(place));
        }
      }
    },
  );
});

describe('content that points elsewhere, once it is admitted', () => {
  it('is a function, and no path or URL is left for nodemailer', async () => {
    const access = accessTo('shop.example');
    for (const location of [
      { path: 'a.pdf' },
      { path: 'https://shop.example/a' },
      { href: 'https://shop.example/a' },
    ]) {
      for (const place of places(location)) {
        let data: unknown;
        const given = structuredClone(place);
        await compose(message(place), {
          access,
          compile: (mail, done) => {
            data = mail.data;
            done();
          },
        });

        const shown = JSON.stringify(data, (_key, value: unknown) => value);
        expect(shown).not.toMatch(/"path"|"href"|shop\.example\/a/);
        // Whoever gave it keeps it as it was.
        expect(place).toEqual(given);
      }
    }
  });

  it('may be a data URI, as before', async () => {
    const location = { path: 'data:text/plain;base64,aGVsbG8=' };
    for (const place of [{ attachments: [location] }, { html: location }]) {
      const expected = await theirs(structuredClone(place));

      expect(await ours(place, accessTo())).toBe(expected);
    }
  });

  it('may be the stream of a file, whose path is not what is read', async () => {
    const open = (): unknown => createReadStream(join(folder, 'a.pdf'));
    for (const field of ['text', 'html', 'watchHtml', 'amp', 'icalEvent']) {
      const expected = await theirs({ [field]: Buffer.from(CONTENT) });

      const written = await ours({ [field]: open() }, accessTo());

      expect(written).toContain('Gr=C3=BC=C3=9Fe');
      expect(written.length).toBe(expected.length);
    }
  });
});

describe('content that points to two places', () => {
  it('is refused', async () => {
    const both = { path: 'a.pdf', href: 'https://shop.example/' };
    for (const [field, place] of [
      ['attachments[0]', { attachments: [both] }],
      ['html', { html: both }],
      ['raw', { raw: both }],
    ] as const) {
      const access = accessTo('shop.example');
      const { message: text } = await refusalOf(() => ours(place, access));

      expect(text).toMatch(/has both `path` and `href`/);
      expect(text).toContain(`\`${field}\``);
    }
  });
});

describe('settings of the message for a URL', () => {
  it.each([
    ['httpHeaders', { authorization: 'Bearer hidden' }],
    ['tls', { rejectUnauthorized: false }],
  ])('are refused: %s', async (name, value) => {
    const href = 'https://shop.example/';
    for (const [field, place] of [
      ['attachments[0]', { attachments: [{ href, [name]: value }] }],
      ['html', { html: { href, [name]: value } }],
      ['raw', { raw: { href, [name]: value } }],
    ] as const) {
      const { message: text } = await refusalOf(() =>
        ours(place, accessTo('shop.example')),
      );

      expect(text).toContain(`\`${field}.${name}\` is not supported`);
      expect(text).not.toContain('hidden');
    }
  });
});
