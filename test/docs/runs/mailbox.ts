import type { INestApplication, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { MailService, SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import {
  MailboxModule,
  type MailboxList,
  type MailboxMessage,
} from 'nestjs-sendgrid-smtp/mailbox';
import { expect, onTestFinished, vi } from 'vitest';

import { startRelay } from '../support/capturing.js';
import type { Runs } from '../support/run.js';

const MAIL = { to: 'ada@example.com', subject: 'Hi', text: 'Hi' };

/** Listens with a page's modules as they are; resolves with the page's address. */
async function listen(
  ...imports: Parameters<typeof Test.createTestingModule>[0]['imports'] & object
): Promise<{ app: INestApplication; mail: MailService; page: string }> {
  const module = await Test.createTestingModule({ imports })
    .setLogger({ log() {}, error() {}, warn() {} })
    .compile();
  const app = module.createNestApplication({ logger: false });
  onTestFinished(() => app.close());
  await app.listen(0, '127.0.0.1');
  const page = `${await app.getUrl()}/dev/mailbox`;
  return { app, mail: app.get(MailService), page };
}

async function list(page: string): Promise<MailboxList> {
  return (await (await fetch(`${page}/messages`)).json()) as MailboxList;
}

export const MAILBOX: Runs = {
  AppModule: async (load) => {
    vi.stubEnv('SENDGRID_API_KEY', undefined);
    const { AppModule } = await load<{ AppModule: Type }>();
    const { mail, page } = await listen(AppModule);

    await mail.send(MAIL);

    expect((await fetch(page)).status).toBe(200);
    await expect(list(page)).resolves.toMatchObject({
      messages: [{ subject: 'Hi', state: 'captured' }],
    });
  },

  StaffOnly: async (load) => {
    vi.stubEnv('NODE_ENV', 'production');
    vi.stubEnv('MAILBOX', 'on');
    const relay = await startRelay();
    const { StagingModule } = await load<{ StagingModule: Type }>();
    const defaults = { from: 'hello@shop.example' };
    const { mail, page } = await listen(
      StagingModule,
      SendGridSmtpModule.forRoot({ ...relay.options, defaults }),
    );

    await mail.send(MAIL);

    expect(relay.messages).toHaveLength(1);
    expect((await fetch(page)).status).toBe(403);
  },

  mailTo: async (load) => {
    const { mailTo, clearMailbox } = await load<{
      mailTo: (address: string) => Promise<MailboxMessage>;
      clearMailbox: () => Promise<void>;
    }>();
    const defaults = { from: 'hello@shop.example' };
    const { mail, page } = await listen(
      SendGridSmtpModule.forRoot({ mode: 'capture', defaults }),
      MailboxModule.forRoot(),
    );
    const real = fetch;
    vi.stubGlobal('fetch', (url: string, init?: RequestInit) =>
      real(url.replace('http://localhost:3000/dev/mailbox', page), init),
    );

    const waiting = mailTo('ada@example.com');
    await mail.send(MAIL);

    await expect(waiting).resolves.toMatchObject({ text: 'Hi' });
    await clearMailbox();
    await expect(list(page)).resolves.toMatchObject({ total: 0 });
  },
};
