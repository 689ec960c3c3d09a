import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createTransport, type PluginFunction } from 'nodemailer';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  isMailError,
  MailService,
  SendGridSmtpModule,
  SendGridTransport,
  type MailError,
  type MailMessage,
  type SendGridSmtpAttachmentsOptions,
  type SendGridSmtpOptions,
} from 'nestjs-sendgrid-smtp';
import { capturedMail, FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { CAPTURE, MESSAGE } from './support/options.js';

const CONTENT = 'From: shop@example.com\r\n\r\nfound it\r\n';
const FOUND = new RegExp(
  `found it|${Buffer.from(CONTENT).toString('base64').slice(0, 40)}`,
);

interface Location {
  readonly path?: string;
  readonly href?: string;
}

/** Every field of nodemailer's that names a file or URL, by what errors call it. */
const PLACES: readonly [string, (location: Location) => object][] = [
  ['attachments[0]', (at) => ({ attachments: [at] })],
  ['attachments[0].content', (at) => ({ attachments: [{ content: at }] })],
  ['attachments[0].raw', (at) => ({ attachments: [{ raw: at }] })],
  ['alternatives[0]', (at) => ({ alternatives: [at] })],
  ['alternatives[0].content', (at) => ({ alternatives: [{ content: at }] })],
  ['alternatives[0].raw', (at) => ({ alternatives: [{ raw: at }] })],
  ['text', (at) => ({ text: at })],
  ['html', (at) => ({ html: at })],
  ['html.content', (at) => ({ html: { content: at } })],
  ['html.raw', (at) => ({ html: { raw: at } })],
  ['watchHtml', (at) => ({ watchHtml: at })],
  ['amp', (at) => ({ amp: at })],
  ['icalEvent', (at) => ({ icalEvent: at })],
  ['icalEvent.content', (at) => ({ icalEvent: { content: at } })],
  ['icalEvent.raw', (at) => ({ icalEvent: { raw: at } })],
  ['raw', (at) => ({ raw: at })],
];

let folder: string;
let server: Server;
let origin: string;
let asked: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attachments-'));
  mkdirSync(join(folder, 'allowed'));
  writeFileSync(join(folder, 'allowed/file.txt'), CONTENT);
  writeFileSync(join(folder, 'file.txt'), 'outside');
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(CONTENT);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function allowed(): SendGridSmtpAttachmentsOptions {
  return { allowFiles: join(folder, 'allowed'), allowUrls: [origin] };
}

const apps: INestApplicationContext[] = [];

async function start(
  options: SendGridSmtpOptions = {},
): Promise<INestApplicationContext> {
  const module = SendGridSmtpModule.forRoot({ ...CAPTURE, ...options });
  const app = await NestFactory.createApplicationContext(module, {
    logger: false,
  });
  apps.push(app);
  return app;
}

async function captured(
  fields: object,
  options: SendGridSmtpOptions = {},
): Promise<string> {
  const app = await start({ attachments: allowed(), ...options });
  await app.get(MailService).send({ ...MESSAGE, ...fields });
  return capturedMail(app).sent()[0]?.raw.toString() ?? '';
}

async function refused(
  fields: object,
  options: SendGridSmtpOptions = {},
): Promise<MailError> {
  const app = await start(options);
  const sent = app.get(MailService).send({ ...MESSAGE, ...fields });
  const error: unknown = await sent.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isMailError(error)) throw new Error('No MailError', { cause: error });
  expect(error).toMatchObject({
    code: 'INVALID_MESSAGE',
    deliveryState: 'not-sent',
  });
  expect(capturedMail(app).sent()).toEqual([]);
  return error;
}

afterEach(async () => {
  asked.length = 0;
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

describe.each(PLACES)('In `%s`', (field, place) => {
  const files = (options: SendGridSmtpAttachmentsOptions): object => ({
    attachments: options,
  });

  it('files are refused by default, and where only URLs are allowed', async () => {
    const message = place({ path: join(folder, 'allowed/file.txt') });

    for (const options of [{}, files({ allowUrls: [origin] })]) {
      const error = await refused(message, options);

      expect(error.message).toContain(`\`${field}.path\` points to a file`);
      expect(error.message).toContain('`attachments.allowFiles`');
    }
  });

  it('files of the directory are read', async () => {
    expect(await captured(place({ path: 'file.txt' }))).toMatch(FOUND);
    expect(
      await captured(place({ path: join(folder, 'allowed/file.txt') })),
    ).toMatch(FOUND);
  });

  it('files outside of the directory are refused', async () => {
    for (const path of ['../file.txt', join(folder, 'file.txt')]) {
      const error = await refused(place({ path }), files(allowed()));

      expect(error.message).toContain(`\`${field}.path\` points out of`);
    }
  });

  it('URLs are refused by default, and where only files are allowed', async () => {
    const { allowFiles } = allowed();
    for (const key of ['href', 'path']) {
      for (const options of [{}, files({ allowFiles })]) {
        const error = await refused(place({ [key]: `${origin}/a` }), options);

        expect(error.message).toContain(`\`${field}.${key}\` points to a URL`);
        expect(error.message).toContain('`attachments.allowUrls`');
      }
    }
    expect(asked).toEqual([]);
  });

  it('URLs of a host that is listed are fetched', async () => {
    for (const key of ['href', 'path']) {
      expect(await captured(place({ [key]: `${origin}/a` }))).toMatch(FOUND);
    }
    expect([...new Set(asked)]).toEqual(['/a']);
  });

  it('URLs of other hosts are refused', async () => {
    for (const href of [
      `http://localhost:${new URL(origin).port}/`,
      origin.replace('http:', 'https:'),
      'http://169.254.169.254/latest/meta-data/',
      'file:///etc/passwd',
    ]) {
      const error = await refused(place({ href }), files(allowed()));

      expect(error.message).toContain(`\`${field}.href\` points to`);
      expect(error.message).toContain('does not list');
    }
    expect(asked).toEqual([]);
  });
});

describe('Fields that only look as if they named a file', () => {
  const NAMES = ['/etc/passwd', 'file:///etc/passwd', 'file.txt'];

  it('stay what they are: `list`', async () => {
    for (const url of [...NAMES, `${origin}/a`]) {
      const raw = await captured({ list: { help: { url }, unsubscribe: url } });

      expect(raw).toMatch(/^List-Help: </m);
      expect(raw).not.toMatch(FOUND);
      expect(raw).not.toContain('root:');
    }
    expect(asked).toEqual([]);
  });

  it('stay what they are: images of `attachDataUrls`', async () => {
    const html = [...NAMES, `${origin}/a`, 'data:image/png;base64,cG5n']
      .map((src) => `<img src="${src}">`)
      .join('');

    const raw = await captured({ attachDataUrls: true, html });

    expect(raw.match(/^Content-Id:/gim)).toHaveLength(1);
    expect(raw).not.toMatch(FOUND);
    expect(asked).toEqual([]);
  });

  it.each<[string, Location]>([
    ['a file', { path: 'file.txt' }],
    ['a URL', { href: 'https://shop.example/' }],
  ])('are refused: %s as `html` of `attachDataUrls`', async (_label, at) => {
    for (const html of [at, { content: at }]) {
      for (const options of [{}, { attachments: allowed() }]) {
        const error = await refused({ attachDataUrls: true, html }, options);

        expect(error.message).toMatch(/`attachDataUrls` cannot be used with/);
      }
    }
  });

  it('cannot switch nodemailer’s own access on', async () => {
    const own = { disableFileAccess: false, disableUrlAccess: false };
    for (const at of [{ path: '../file.txt' }, { href: 'http://10.0.0.1/' }]) {
      const options = { attachments: allowed() };
      const error = await refused({ ...own, attachments: [at] }, options);

      expect(error.message).toMatch(/points out of|does not list/);
    }
  });
});

describe('A file or URL that fails', () => {
  it('fails the send with the field and the reason', async () => {
    const error = await refused(
      { attachments: [{ content: 'x' }, { path: 'missing.pdf' }] },
      { attachments: allowed() },
    );

    expect(error.message).toBe(
      '`attachments[1].path` points to a file that cannot be read (ENOENT).',
    );
    expect(error.cause).toHaveProperty('code', 'ENOENT');
    expect(error.retryable).toBe(false);
  });

  it('may succeed later where the host had no answer', async () => {
    const error = await refused(
      { attachments: [{ href: 'http://127.0.0.1:1/a' }] },
      { attachments: { allowUrls: ['http://127.0.0.1:1'] } },
    );

    expect(error.message).toMatch(/could not be fetched from 127.0.0.1:1: /);
    expect(error.retryable).toBe(true);
  });
});

describe('The option `attachments`', () => {
  it('holds for what plugins put into a message', async () => {
    const compile: PluginFunction = (mail, done) => {
      mail.data.attachments = [{ path: 'file.txt' }];
      mail.data.icalEvent = { href: `${origin}/a` };
      done();
    };
    const stream: PluginFunction = (mail, done) => {
      mail.message.setContent({ path: '../file.txt' });
      done();
    };
    const plugin = (
      step: 'compile' | 'stream',
      run: PluginFunction,
    ): SendGridSmtpOptions => ({ plugins: [{ step, plugin: run }] });

    const raw = await captured({}, plugin('compile', compile));

    expect(raw).toMatch(/filename=file\.txt/);
    expect(raw.match(new RegExp(FOUND, 'g'))).toHaveLength(3);
    expect(asked).toEqual(['/a']);
    const outside = { attachments: allowed(), ...plugin('stream', stream) };
    expect((await refused({}, outside)).message).toMatch(/points out of/);
    const off = await refused({}, plugin('stream', stream));
    expect(off.message).toMatch(/`content.path` points to a file/);
  });

  it('holds for tenants', async () => {
    const app = await start({
      attachments: allowed(),
      tenants: () => ({}),
    });

    await app
      .get(MailService)
      .forTenant('acme')
      .send({ ...MESSAGE, text: { path: 'file.txt' } });

    expect(capturedMail(app).sent()[0]?.raw.toString()).toMatch(FOUND);
  });

  it('holds for the transport in nodemailer', async () => {
    const message = { ...MESSAGE, from: 'shop@example.com' };
    const attachments = [{ path: 'file.txt' }, { href: `${origin}/b.pdf?c` }];
    const relay = await FakeSendGrid.start();
    const transport = new SendGridTransport({
      ...relay.options,
      attachments: allowed(),
    });
    const mailer = createTransport(transport);

    await mailer.sendMail({ ...message, attachments });
    await expect(
      mailer.sendMail({ ...message, html: { path: '../file.txt' } }),
    ).rejects.toThrow(/`html\.path` points out of the directory/);
    await expect(
      mailer.sendMail({
        ...message,
        attachDataUrls: true,
        html: { path: join(folder, 'allowed/file.txt') },
      }),
    ).rejects.toThrow(/File access rejected/);
    const [mail] = await relay.waitFor(1);
    await transport.close();
    await relay.stop();

    expect(mail?.attachments.map(({ filename }) => filename)).toEqual([
      'file.txt',
      'b.pdf',
    ]);
  });

  it('fails a large message whose content is missing once it is on its way', async () => {
    writeFileSync(join(folder, 'allowed/large.txt'), 'a'.repeat(3_000_000));
    const relay = await FakeSendGrid.start();
    const app = await start({
      ...relay.options,
      mode: 'smtp',
      attachments: allowed(),
    });
    const attachments = [{ path: 'large.txt' }, { path: 'missing.txt' }];

    await expect(
      app.get(MailService).send({ ...MESSAGE, attachments }),
    ).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      deliveryState: 'not-sent',
      message: expect.stringContaining('`attachments[1].path`'),
    });
    await app.close();
    await relay.stop();

    expect(relay.messages).toEqual([]);
  });

  it('opens large content anew for every attempt', async () => {
    const large = 'large content '.repeat(200_000);
    writeFileSync(join(folder, 'allowed/large.txt'), large);
    const relay = await FakeSendGrid.start();
    relay.fail('message', '451 Try again later');
    const app = await start({
      ...relay.options,
      mode: 'smtp',
      attachments: allowed(),
      retry: { baseDelayMs: 1 },
    });
    const attachments: MailMessage['attachments'] = [
      { path: 'large.txt' },
      { href: `${origin}/a.txt` },
    ];

    const receipt = await app
      .get(MailService)
      .send({ ...MESSAGE, attachments });
    const [mail] = await relay.waitFor(1);
    await app.close();
    await relay.stop();

    expect(receipt.attempts).toBe(2);
    const [file, url] = mail?.attachments ?? [];
    const textOf = (content: unknown): string =>
      typeof content === 'string'
        ? content
        : Buffer.from(content as ArrayBuffer).toString();
    expect(textOf(file?.content)).toBe(large);
    expect(textOf(url?.content)).toBe(CONTENT);
    // Once to see how large the message is, and once for each attempt.
    expect(asked).toEqual(['/a.txt', '/a.txt', '/a.txt']);
  });
});
