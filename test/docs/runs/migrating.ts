import type { DynamicModule, Type } from '@nestjs/common';
import type {
  MailService,
  SendGridTransportOptions,
} from 'nestjs-sendgrid-smtp';
import { MailerModule, MailerService } from 'nestjs-sendgrid-smtp/compat';
import { expect, onTestFinished, vi } from 'vitest';

import { startCapturing, startRelay } from '../support/capturing.js';
import { inFolderOf } from '../support/in-folder.js';
import type { Runs } from '../support/run.js';
import { start } from '../support/start.js';

interface Moving {
  before(to: string): Promise<void>;
  after(to: string): Promise<void>;
}

interface Notices {
  notify(to: string): Promise<void>;
}

export const MIGRATING: Runs = {
  'mailer-app.module.ts': async (load) => {
    const block = await load<{
      MailerAppModule: Type;
      Welcome: Type<{ send: (email: string, name: string) => Promise<void> }>;
    }>();
    const { app, captured } = await start({ imports: [block.MailerAppModule] });

    await app.get(block.Welcome).send('ada@example.com', 'Ada');

    expect(captured().sent()).toMatchObject([
      { subject: 'Welcome, Ada', html: '<p>welcome</p>' },
    ]);
  },
  Receipts: async (load) => {
    const { Receipts } = await load<{ Receipts: Type<Moving> }>();
    const mailer = MailerModule.forRoot({
      transport: { mode: 'capture' },
      defaults: { from: 'hello@shop.example' },
    });
    const { app, captured } = await start({
      imports: [mailer],
      providers: [Receipts],
    });
    const receipts = app.get(Receipts);

    await receipts.before('ada@example.com');
    await receipts.after('bob@example.com');

    expect(captured().sent()).toMatchObject([
      { subject: 'Paid', recipients: ['ada@example.com'] },
      { subject: 'Paid', recipients: ['bob@example.com'] },
    ]);
  },
  mailer: async (load) => {
    inFolderOf({ 'assets/terms.txt': 'Be kind.' });
    const { mailer } = await load<{ mailer: DynamicModule }>();
    const { app, captured } = await start({ imports: [mailer] });

    await app.get(MailerService).sendMail({
      to: 'ada@example.com',
      subject: 'Terms',
      text: { path: 'terms.txt' },
    });

    expect(String(captured().sent()[0]?.raw)).toContain('Be kind.');
  },
  Notices: async (load) => {
    const block = await load<{
      Notices: new (mail: MailService) => Notices;
    }>();
    const { mail, captured } = await startCapturing();

    await new block.Notices(mail).notify('ada@example.com');

    expect(captured().sent()).toMatchObject([{ subject: 'Notice' }]);
  },
  invoice: async (load) => {
    const { invoice } = await load<{
      invoice: (mail: MailService, pdf: string) => Promise<void>;
    }>();
    const { mail, captured } = await startCapturing();
    vi.spyOn(console, 'log').mockReturnValue();

    await invoice(mail, Buffer.from('%PDF-').toString('base64'));

    expect(captured().sent()).toMatchObject([
      { smtpApi: { unique_args: { invoice: '4711' } } },
    ]);
  },
  transporter: async (load) => {
    const relay = await startRelay();
    // What the page's transport leads to, and nothing else of it.
    vi.doMock('nestjs-sendgrid-smtp', async (original) => {
      const real = await original<typeof import('nestjs-sendgrid-smtp')>();
      class Led extends real.SendGridTransport {
        constructor(options: SendGridTransportOptions) {
          super({ ...options, ...relay.options });
        }
      }
      return { ...real, SendGridTransport: Led };
    });
    onTestFinished(() => {
      vi.doUnmock('nestjs-sendgrid-smtp');
    });

    await load();

    expect(relay.messages).toMatchObject([{ subject: 'Hello' }]);
    await relay.waitUntil(({ quits }) => quits === 1);
  },
  once: async (load) => {
    const { once } = await load<{
      once: (mail: MailService, to: string) => Promise<boolean>;
    }>();
    const { mail, captured } = await startCapturing();

    expect(await once(mail, 'ada@example.com')).toBe(true);
    captured().failNext('550 No such user');
    expect(await once(mail, 'ada@example.com')).toBe(false);
  },
};
