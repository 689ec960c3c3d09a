import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid, SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { API_KEY, CAPTURE, LEAK, MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const LIB = join(import.meta.dirname, '../../lib');

/** Contexts in which Nest itself logs while an application starts and stops. */
const OF_NEST = /(?:NestFactory|InstanceLoader|NestApplicationContext)$/;

const logger = recordLogs();
let app: INestApplicationContext | undefined;
let relay: FakeSendGrid | undefined;

interface Scenario {
  readonly what: string;
  readonly options?: (
    relay: FakeSendGrid,
  ) => Partial<SendGridSmtpModuleOptions>;
  readonly act: (mail: MailService, relay: FakeSendGrid) => Promise<unknown>;
  readonly level: 'log' | 'warn' | 'error';
  readonly line: RegExp;
}

const settled = (sent: Promise<unknown>): Promise<unknown> =>
  sent.catch(() => undefined);

async function close(): Promise<void> {
  await app?.close();
  app = undefined;
}

const SCENARIOS: Scenario[] = [
  {
    what: 'a mode that sends nothing',
    options: () => ({ mode: 'capture' }),
    act: () => Promise.resolve(),
    level: 'log',
    line: /^Mode 'capture': no mail is sent/,
  },
  {
    what: 'a redirect',
    options: () => ({ redirect: { to: 'qa@staging.example' } }),
    act: () => Promise.resolve(),
    level: 'warn',
    line: /redirect/,
  },
  {
    what: 'a relay that cannot be verified at the start',
    options: () => ({ verifyOnStart: 'warn', apiKey: API_KEY }),
    act: () => Promise.resolve(),
    level: 'warn',
    line: /^Verifying the relay failed/,
  },
  {
    what: 'a change of pipelining',
    options: () => ({ pool: { maxConnections: 1 } }),
    act: (mail) =>
      Promise.all(Array.from({ length: 20 }, () => mail.send(MESSAGE))),
    level: 'log',
    line: /\(127\.0\.0\.1\)$/,
  },
  {
    what: 'an account that may not send',
    act: async (mail, fake) => {
      fake.fail('mail', SENDGRID_REPLIES.creditsExceeded, { times: 9 });
      const signal = AbortSignal.timeout(300);
      await settled(mail.send(MESSAGE, { signal }));
    },
    level: 'warn',
    line: /^SendGrid does not let the account send/,
  },
  {
    what: 'another key',
    options: (fake) => ({
      apiKey: () => fake.options.apiKey,
      pool: { maxMessagesPerConnection: 1 },
    }),
    act: async (mail, fake) => {
      await mail.send(MESSAGE);
      fake.rotateKey();
      await mail.send(MESSAGE);
      await mail.send(MESSAGE);
    },
    level: 'log',
    line: /^New connections use the API key [0-9a-f]{8} \(SHA-256\)/,
  },
  {
    what: 'a guard that trips',
    options: () => ({
      guards: { total: { messages: 1, perMs: 60_000, onExceeded: 'warn' } },
    }),
    act: async (mail) => {
      await mail.send(MESSAGE);
      await mail.send(MESSAGE);
    },
    level: 'warn',
    line: /^The guard `guards\.total` takes 1 messages/,
  },
  {
    what: 'a sender that is refused',
    act: async (mail, fake) => {
      fake.fail('message', SENDGRID_REPLIES.senderIdentity);
      await settled(mail.send(MESSAGE));
    },
    level: 'warn',
    line: /^SendGrid refuses the From \*\*\*@example\.com/,
  },
  {
    what: 'mail that is left at the shutdown',
    options: () => ({ shutdown: { timeoutMs: 50 } }),
    act: async (mail, fake) => {
      fake.fail('greeting', 'stall', { times: 9 });
      const sent = settled(mail.send(MESSAGE));
      await close();
      await sent;
    },
    level: 'warn',
    line: /^Shut down with mail left over: 1 not sent, 0 of unknown outcome/,
  },
];

async function start(
  { options }: Pick<Scenario, 'options'>,
  fake: FakeSendGrid,
): Promise<MailService> {
  const { defaults } = CAPTURE;
  const module = SendGridSmtpModule.forRoot({
    ...fake.options,
    defaults,
    ...options?.(fake),
  });
  app = await NestFactory.createApplicationContext(module, { logger });
  return app.get(MailService);
}

afterEach(async () => {
  await close();
  await relay?.stop();
  relay = undefined;
});

describe('a log line', () => {
  it.each(SCENARIOS)(
    'tells of $what',
    async ({ act, level, line, ...rest }) => {
      const fake = await FakeSendGrid.start();
      relay = fake;
      const mail = await start(rest, fake);

      await act(mail, fake);
      const found = await logged(line);

      expect(found).toMatchObject([{ level, instance: 'default' }]);
      expect(othersThan(logger.ours)).toEqual([]);
      expect(logger.text).not.toMatch(LEAK);
      expect(logger.text).not.toContain('ada@');
    },
  );

  it('tells of an enqueued message that failed, as an error', async () => {
    const fake = await FakeSendGrid.start();
    relay = fake;
    const mail = await start({}, fake);
    fake.fail('rcpt', '550 5.1.1 <ada@example.net> unknown');

    const { messageId } = mail.enqueue(MESSAGE);
    await mail.drain();

    const errors = logger.ours.filter(
      (text) => !text.startsWith('warn No SIG'),
    );
    expect(errors).toEqual([
      expect.stringMatching(
        /^error Mail <\S+>: REJECTED: .*\*\*\*@example\.net/,
      ),
    ]);
    expect(errors[0]).toContain(messageId);
    expect(othersThan(logger.ours)).toEqual([]);
  });

  it('warns once of a process without a SIGTERM listener', async () => {
    const fake = await FakeSendGrid.start();
    relay = fake;
    // Sets the logger up.
    await start({}, fake);
    vi.spyOn(process, 'listenerCount').mockReturnValue(0);
    vi.resetModules();
    const { warnWithoutShutdownHooks: send } =
      await import('../../lib/hooks-check.js');

    send();
    send();

    expect(logger.ours).toEqual([
      expect.stringMatching(/^warn No SIGTERM listener/),
    ]);
  });

  it('has one context for each module: each has one logger', () => {
    const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => file.endsWith('.ts'));

    const loggers = sources.filter((file) =>
      /import \{[^}]*\bLogger\b/.test(readFileSync(join(LIB, file), 'utf8')),
    );

    const rooms = loggers.map((file) => dirname(file));
    expect(rooms.toSorted()).toEqual([...new Set(rooms)].toSorted());
    expect(rooms).toContain('.');
  });
});

/** The lines that somebody else has logged, Nest apart. */
function othersThan(ours: readonly string[]): string[] {
  return logger.lines.filter(
    (line) => !ours.includes(line) && !OF_NEST.test(line),
  );
}

/** What was logged that begins with `[instance]` and goes on as asked for. */
async function logged(
  line: RegExp,
): Promise<{ level: string; instance: string }[]> {
  for (let turns = 0; turns < 1000; turns += 1) {
    const found = parsed().filter(({ text }) => line.test(text));
    if (found.length > 0) return found;
    await new Promise(setImmediate);
  }
  return [];
}

function parsed(): { level: string; instance: string; text: string }[] {
  return logger.ours.map((line) => {
    const [, level = '', instance = '', text = ''] =
      /^(\w+) \[(\w+)\] (.*) SendGridSmtpModule$/s.exec(line) ?? [];
    return { level, instance, text };
  });
}
