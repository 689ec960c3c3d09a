import { Controller, Get, type CanActivate } from '@nestjs/common';
import { MailboxModule } from 'nestjs-sendgrid-smtp/mailbox';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import { MailboxApp } from '../support/mailbox-app.js';
import { PLATFORMS } from '../support/platforms.js';
import { RecordingLogger } from '../support/recording-logger.js';

const logger = new RecordingLogger();
const box = new MailboxApp(logger);
let relay: FakeSendGrid;

beforeAll(async () => {
  relay = await FakeSendGrid.start();
});
afterEach(() => {
  vi.unstubAllEnvs();
  relay.clear();
  logger.lines = [];
});
afterAll(() => relay.stop());

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' };
const EVERYBODY: CanActivate = { canActivate: () => true };

/** What the application has at the path of the mailbox that is not there. */
@Controller('dev')
class DevController {
  @Get('mailbox/messages')
  get(): string {
    return 'its own';
  }
}

function oursOf({ lines }: RecordingLogger): string[] {
  return lines.filter((line) => line.endsWith(' MailboxModule'));
}

const ELSEWHERE = ['production', 'staging', '', undefined];

describe.each(PLATFORMS)('where it may not start, on $platform', (on) => {
  const { adapter } = on;

  it.each(ELSEWHERE)(
    'there is no mailbox, and mail is sent: NODE_ENV %j',
    async (environment) => {
      vi.stubEnv('NODE_ENV', environment);
      const metadata = { controllers: [DevController] };
      await box.start({ adapter, metadata, mail: relay.options });

      await box.mail.send(MAIL);

      expect(relay.messages).toHaveLength(1);
      expect((await box.ask()).status).toBe(404);
      expect((await box.ask('/assets/main.js')).status).toBe(404);
      expect((await box.ask('/messages')).body).toBe('its own');
      const lines = oursOf(logger);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('There is no mailbox here: NODE_ENV is ');
    },
  );
});

describe('a mailbox', () => {
  it('is nowhere with `enabled: false`', async () => {
    await box.start({ mailbox: { enabled: false }, mail: relay.options });

    await box.mail.send(MAIL);

    expect(relay.messages).toHaveLength(1);
    expect((await box.ask()).status).toBe(404);
  });

  it('is there in production with `enabled` and a guard', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const mailbox = { enabled: true, guard: EVERYBODY, deliver: true };
    await box.start({ mailbox, mail: relay.options });

    await box.mail.send(MAIL);

    expect(relay.messages).toHaveLength(1);
    await expect(box.list()).resolves.toMatchObject({ total: 1 });
  });

  it('fails the bootstrap in production with `enabled` and no guard', async () => {
    vi.stubEnv('NODE_ENV', 'production');

    await expect(box.start({ mailbox: { enabled: true } })).rejects.toThrow(
      /MailboxModule was given invalid options:\n {2}- `guard` is required/,
    );
  });

  it('fails the bootstrap with every problem of its options', async () => {
    const mailbox = {
      path: '/',
      maxMessages: 0,
      allowedHosts: ['http://a'],
      delivers: true,
    };

    const started = box.start({ mailbox });

    await expect(started).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      problems: [
        { option: 'path' },
        { option: 'delivers', problem: expect.stringContaining('`deliver`') },
        { option: 'allowedHosts' },
        { option: 'maxMessages' },
      ],
    });
  });

  it('fails the bootstrap for an instance that there is not', async () => {
    const mailbox = { instances: ['marketing'] };

    await expect(box.start({ mailbox })).rejects.toThrow("'marketing' is no");
  });

  it('fails the bootstrap when it is imported twice', async () => {
    const metadata = { imports: [MailboxModule.forRoot({ path: 'other' })] };

    await expect(box.start({ metadata })).rejects.toThrow(
      'was imported 2 times',
    );
  });

  it('takes options made at bootstrap', async () => {
    const other = MailboxModule.forRootAsync({
      path: 'dev/mailbox',
      useFactory: () => Promise.resolve({ deliver: true }),
    });
    // In the place of the one that the support imports.
    const mailbox = { enabled: false };
    await box.start({
      mailbox,
      metadata: { imports: [other] },
      mail: relay.options,
    });

    await box.mail.send(MAIL);

    expect(relay.messages).toHaveLength(1);
    await expect(box.list()).resolves.toMatchObject({ total: 1 });
  });

  it('says what it does', async () => {
    await box.start();

    const lines = oursOf(logger);
    expect(lines.join('\n')).toContain('Mail is shown at /dev/mailbox');
    expect(lines.join('\n')).toContain('Mail is not sent');
  });
});
