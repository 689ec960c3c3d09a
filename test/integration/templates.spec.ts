import { Test } from '@nestjs/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type MailError,
  type MailMessage,
  type RenderedTemplate,
  type SendGridSmtpOptions,
  type TemplateRenderer,
} from 'nestjs-sendgrid-smtp';
import { createTemplates } from 'nestjs-sendgrid-smtp/templates';
import { capturedMail, type CapturedMail } from 'nestjs-sendgrid-smtp/testing';
import { CAPTURE } from './support/options.js';

const TO = { to: 'ada@example.net' } as const;
const WELCOME = { ...TO, template: 'welcome', context: { name: '<Ada>' } };

let app: INestApplicationContext | undefined;
let directory: string;

function write(file: string, text: string): void {
  writeFileSync(join(directory, file), text);
}

async function start(options: SendGridSmtpOptions = {}): Promise<MailService> {
  const templates = createTemplates({ directory });
  const module = SendGridSmtpModule.forRoot({
    ...CAPTURE,
    templates,
    ...options,
  });
  const made = await Test.createTestingModule({ imports: [module] }).compile();
  await made.init();
  app = made;
  return app.get(MailService);
}

function captured(): readonly CapturedMail[] {
  if (app === undefined) throw new Error('There is no application');
  return capturedMail(app).sent();
}

/** Renders when it is told to. */
class SlowRenderer implements TemplateRenderer {
  readonly asked: string[] = [];
  #answer: ((rendered: RenderedTemplate) => void) | undefined;

  render(name: string): Promise<RenderedTemplate> {
    this.asked.push(name);
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  answer(): void {
    this.#answer?.({ text: 'late', subject: 'Late' });
  }
}

async function failureOf(sent: Promise<unknown>): Promise<unknown> {
  return sent.then(
    () => 'it was sent',
    (error: unknown) => error,
  );
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'templates-'));
  write('welcome.hbs', '<p>Hi {{name}}</p>');
  write('welcome.subject.hbs', 'Welcome, {{name}}');
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  rmSync(directory, { recursive: true });
});

describe('a message that names a template', () => {
  it('is sent with subject, html and text of it', async () => {
    const mail = await start();

    const { accepted } = await mail.send(WELCOME);

    expect(accepted).toEqual(['ada@example.net']);
    expect(captured()).toMatchObject([
      {
        subject: 'Welcome, <Ada>',
        html: '<p>Hi &lt;Ada&gt;</p>',
        text: 'Hi <Ada>',
        template: 'welcome',
        context: { name: '<Ada>' },
      },
    ]);
    expect(captured()[0]?.message).not.toHaveProperty('template');
    expect(captured()[0]?.message).not.toHaveProperty('context');
  });

  it('keeps what it holds itself; the template goes before the defaults', async () => {
    const mail = await start({
      defaults: { from: 'shop@example.com', subject: 'Default', text: 'D' },
    });

    await mail.send({ ...WELCOME, text: 'Own', html: undefined });
    await mail.send({ ...WELCOME, subject: 'Own', text: null });

    const html = '<p>Hi &lt;Ada&gt;</p>';
    expect(captured()).toMatchObject([
      { subject: 'Welcome, <Ada>', text: 'Own', html },
      { subject: 'Own', text: undefined, html },
    ]);
  });

  it('goes by enqueue with the id that was promised', async () => {
    const mail = await start();

    const { messageId } = mail.enqueue(WELCOME);
    const own = mail.enqueue({ ...WELCOME, messageId: '<own@example.com>' });
    const { messageId: named } = mail.enqueue({
      ...WELCOME,
      headers: { 'Message-ID': '<header@example.com>' },
    });
    await mail.drain();

    expect(own.messageId).toBe('<own@example.com>');
    expect(named).toBe('<header@example.com>');
    const ids = new Set(captured().map((one) => one.messageId));
    expect(ids).toEqual(new Set([messageId, own.messageId, named]));
    for (const { raw } of captured()) {
      expect(raw.toString().match(/^Message-ID:/gim)).toHaveLength(1);
    }
  });

  it('goes by sendMany, each with its own context', async () => {
    const mail = await start();
    const names = ['Ada', 'Bob', 'Cy'];

    const totals = await mail.sendMany(
      names.map((name) => ({ ...TO, template: 'welcome', context: { name } })),
    );

    expect(totals).toMatchObject({ accepted: 3 });
    const subjects = captured().map(({ subject = '' }) => subject);
    // A template that is looked for anew is overtaken.
    expect(subjects.toSorted()).toEqual(
      names.map((name) => `Welcome, ${name}`),
    );
  });

  it('goes by sendMerge, rendered once, its tags left to SendGrid', async () => {
    let renders = 0;
    const templates = createTemplates({
      resolver: {
        resolve: () => ({
          html: () => {
            renders += 1;
            return '<p>Hi -name-</p>';
          },
          subject: () => 'For -name-',
        }),
      },
    });
    const mail = await start({ templates });
    const recipients = ['a', 'b', 'c'].map((name) => ({
      to: `${name}@example.net`,
      substitutions: { '-name-': name },
    }));

    const run = mail.sendMerge(
      { template: 'campaign', recipients },
      { recipientsPerMessage: 1 },
    );

    expect(await run).toMatchObject({ accepted: 3 });
    expect(renders).toBe(1);
    expect(captured()).toHaveLength(3);
    expect(captured()[0]).toMatchObject({
      html: '<p>Hi -name-</p>',
      text: 'Hi -name-',
      subject: 'For -name-',
    });
  });

  it('is left to plugins of nodemailer where there is no option', async () => {
    const mail = await start({
      templates: undefined,
      plugins: [
        {
          step: 'compile',
          plugin: ({ data }, done) => {
            data.text = `plugin ${String(Reflect.get(data, 'template'))}`;
            done();
          },
        },
      ],
    });

    await mail.send({ ...WELCOME, subject: 'x' });

    expect(captured()[0]?.text).toBe('plugin welcome');
  });

  it('may leave its template out by null', async () => {
    const mail = await start();

    await mail.send({ ...TO, subject: 'x', text: 'Plain', template: null });

    expect(captured()[0]?.text).toBe('Plain');
    expect(captured()[0]).not.toHaveProperty('template');
  });
});

describe('a template that fails', () => {
  it.each<[string, MailMessage, object]>([
    [
      'is missing',
      { ...TO, template: 'nope' },
      { code: 'TEMPLATE', file: 'nope' },
    ],
    [
      'lacks a variable',
      { ...TO, template: 'welcome' },
      { code: 'TEMPLATE', file: 'welcome.hbs', variable: 'name' },
    ],
    [
      'has a name that is none',
      { ...TO, template: '../welcome' },
      { code: 'TEMPLATE' },
    ],
    ['has an empty name', { ...TO, template: '' }, { code: 'INVALID_MESSAGE' }],
    [
      'has a context that is none',
      { ...WELCOME, context: [] },
      { code: 'INVALID_MESSAGE' },
    ],
  ])(
    'since it %s rejects the send and gives its place back',
    async (...row) => {
      const [, message, expected] = row;
      const mail = await start();
      const failed: unknown[] = [];
      mail.events$.subscribe((event) => {
        if (event.type === 'failed') failed.push(event);
      });

      expect(await failureOf(mail.send(message))).toMatchObject({
        ...expected,
        deliveryState: 'not-sent',
      });
      expect(failed).toHaveLength(1);
      expect(mail.stats()).toMatchObject({
        queue: { messages: 0 },
        totals: { notSent: 1, pending: 0 },
      });
      expect(captured()).toEqual([]);
    },
  );

  it('of sendMerge rejects the run', async () => {
    const mail = await start();
    const recipients = [{ to: 'a@example.net' }];

    const run = mail.sendMerge({ template: 'nope', recipients });

    expect(await failureOf(run.then((totals) => totals))).toMatchObject({
      code: 'TEMPLATE',
    });
  });

  it('fails one message of sendMany, not the run', async () => {
    const mail = await start();

    const totals = await mail.sendMany([{ ...TO, template: 'nope' }, WELCOME]);

    expect(totals).toMatchObject({ accepted: 1, notSent: 1 });
  });

  it('of a renderer of one’s own is named, its error the cause', async () => {
    const cause = new RangeError('with a value in it');
    const templates = { render: () => Promise.reject(cause) };
    const mail = await start({ templates });

    const error = await failureOf(mail.send(WELCOME));

    expect(error).toMatchObject({ code: 'TEMPLATE', cause });
    expect((error as MailError).message).toContain('"welcome"');
    expect((error as MailError).message).not.toContain('with a value');
  });
});

describe('a template that takes long', () => {
  it('holds a place in the queue', async () => {
    const templates = new SlowRenderer();
    const mail = await start({ templates, queue: { maxMessages: 1 } });

    const first = mail.send(WELCOME);
    const second = await failureOf(mail.send(WELCOME));

    expect(second).toMatchObject({ code: 'QUEUE_FULL' });
    expect(templates.asked).toEqual(['welcome']);
    templates.answer();
    await first;
    expect(captured()[0]?.text).toBe('late');
  });

  it.each([
    ['timeoutMs', () => ({ timeoutMs: 20 }), 'TIMED_OUT'],
    ['a signal', () => ({ signal: AbortSignal.timeout(20) }), 'ABORTED'],
  ])('does not outlast %s, and is not sent later', async (_, how, code) => {
    const templates = new SlowRenderer();
    const mail = await start({ templates });

    const error = await failureOf(mail.send(WELCOME, how()));
    templates.answer();
    await mail.drain();

    expect(error).toMatchObject({ code, deliveryState: 'not-sent' });
    expect(captured()).toEqual([]);
  });

  it('is taken back by a purge', async () => {
    const templates = new SlowRenderer();
    const mail = await start({ templates });
    const sent = failureOf(mail.send(WELCOME));

    const purged = mail.purge();

    expect(purged).toMatchObject([{ message: WELCOME }]);
    expect(await sent).toMatchObject({ code: 'ABORTED' });
  });

  it('does not hold the shutdown up', async () => {
    const templates = new SlowRenderer();
    const mail = await start({ templates, shutdown: { timeoutMs: 50 } });
    const sent = failureOf(mail.send(WELCOME));
    const recipients = [{ to: 'a@example.net' }];
    const run = mail.sendMerge({ template: 'x', recipients });
    const ended = failureOf(run.then((totals) => totals));

    await app?.close();
    templates.answer();

    expect(await sent).toMatchObject({ code: 'SHUT_DOWN' });
    expect(await ended).toBe('it was sent');
    expect(run.totals).toMatchObject({ accepted: 0 });
    expect(captured()).toEqual([]);
  });
});

describe('the bootstrap', () => {
  it('fails with every broken template named', async () => {
    write('one.hbs', '{{#if');
    write('two.text.ejs', '<% if ( %>');

    const started = start();

    await expect(started).rejects.toThrow(/`one\.hbs`[^]*`two\.text\.ejs`/);
    await expect(started).rejects.toMatchObject({ code: 'TEMPLATE' });
  });

  it('checks nothing where `verify` is false', async () => {
    write('one.hbs', '{{#if');

    const templates = createTemplates({ directory, verify: false });
    const mail = await start({ templates });

    await expect(mail.send(WELCOME)).resolves.toMatchObject({});
  });

  it('refuses what renders nothing', async () => {
    const templates = { verify: () => Promise.resolve() };

    // @ts-expect-error -- what the types refuse, too
    const started = start({ templates });

    await expect(started).rejects.toThrow(
      /`templates` must be an object with the methods `render`/,
    );
  });
});
