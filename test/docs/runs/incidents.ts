import { createHash } from 'node:crypto';
import {
  SendGridSmtpModule,
  type MailMessage,
  type MailService,
  type SendGridSmtpOptions,
  type UnsentMail,
} from 'nestjs-sendgrid-smtp';
import { expect, vi } from 'vitest';

import { startCapturing, startRelayed } from '../support/capturing.js';
import { NEEDS_A_STORE, type Runs } from '../support/run.js';
import { start } from '../support/start.js';

const MESSAGE = { to: 'ada@example.com', subject: 'Hi', text: 'Hi' };

/** Sends that wait since sending is paused; how they end does not matter. */
function waiting(mail: MailService, messages: MailMessage[]): void {
  mail.pause('a test');
  for (const message of messages) mail.send(message).catch(() => undefined);
}

interface Incidents {
  hold(reason: string): void;
  dropNewsletter(): UnsentMail[];
  slowDown(): void;
}

export const INCIDENTS: Runs = {
  Incidents: async (load) => {
    const block = await load<{
      Incidents: new (mail: MailService) => Incidents;
    }>();
    const { mail, relay } = await startRelayed();
    const incidents = new block.Incidents(mail);

    incidents.hold('wrong template');
    const news = { ...MESSAGE, subject: 'News of May' };
    mail.send(news, { lane: 'bulk' }).catch(() => undefined);
    const other = mail.send(MESSAGE);

    expect(mail.stats().paused).toBe('wrong template');
    incidents.slowDown();
    expect(incidents.dropNewsletter()).toMatchObject([{ message: news }]);
    await other;
    expect(relay.messages).toMatchObject([{ subject: 'Hi' }]);
  },
  FleetIncidents: NEEDS_A_STORE,
  mend: async (load) => {
    const { mend } = await load<{
      mend: (
        mail: MailService,
        isWrong: (message: MailMessage) => boolean,
        mended: (message: MailMessage) => MailMessage,
      ) => number;
    }>();
    const { mail, relay } = await startRelayed();
    waiting(mail, [MESSAGE, { ...MESSAGE, text: 'Dear {{name}}' }]);

    const count = mend(
      mail,
      ({ text }) => text === 'Dear {{name}}',
      (message) => ({ ...message, text: 'Dear Ada' }),
    );
    await relay.waitFor(2);

    expect(count).toBe(1);
    const texts = new Set(relay.messages.map(({ text }) => text?.trim()));
    expect(texts).toEqual(new Set(['Dear Ada', 'Hi']));
  },
  sendsWith: async (load) => {
    const { sendsWith } = await load<{
      sendsWith: (mail: MailService, key: string) => boolean;
    }>();
    const { mail, relay } = await startRelayed();
    await mail.verify();

    expect(sendsWith(mail, relay.options.apiKey)).toBe(true);
    expect(sendsWith(mail, createHash('sha256').digest('hex'))).toBe(false);
  },
  breakLoop: async (load) => {
    const { breakLoop } = await load<{
      breakLoop: (mail: MailService, victim: string) => number;
    }>();
    const { mail, relay } = await startRelayed();
    const other = { ...MESSAGE, to: 'bob@example.com' };
    waiting(mail, [MESSAGE, other, MESSAGE]);

    expect(breakLoop(mail, 'ada@example.com')).toBe(2);
    await relay.waitFor(1);
    expect(relay.messages[0]?.envelope.to).toEqual(['bob@example.com']);
  },
  sendOr: async (load) => {
    const { sendOr } = await load<{
      sendOr: (
        mail: MailService,
        message: MailMessage,
        otherwise: (message: MailMessage) => Promise<void>,
      ) => Promise<void>;
    }>();
    const { mail, captured } = await startCapturing();
    const otherwise = vi.fn(async () => undefined);

    await sendOr(mail, MESSAGE, otherwise);
    expect(otherwise).not.toHaveBeenCalled();
    captured().failNext('451 Try again later');
    await sendOr(mail, MESSAGE, otherwise);
    expect(otherwise).toHaveBeenCalledWith(MESSAGE);
    captured().failNext('550 No such user');
    await expect(sendOr(mail, MESSAGE, otherwise)).rejects.toMatchObject({
      code: 'REJECTED',
    });
  },
  guards: async (load) => {
    const { guards } = await load<{ guards: SendGridSmtpOptions['guards'] }>();
    const module = SendGridSmtpModule.forRoot({
      mode: 'capture',
      guards,
      defaults: { from: 'hello@shop.example' },
    });
    const { mail } = await start({ imports: [module] });
    for (let sent = 0; sent < 20; sent += 1) await mail.send(MESSAGE);

    await expect(mail.send(MESSAGE)).rejects.toMatchObject({ code: 'GUARD' });
  },
};
