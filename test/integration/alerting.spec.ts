import { Test } from '@nestjs/testing';
import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { MailService, SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { FakeSendGrid, SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { recordLogs } from './support/recording-logger.js';

recordLogs();

describe('an alert on the events of an instance', () => {
  it('is tested as docs/testing.md shows it', async () => {
    const alerts: string[] = [];
    const relay = await FakeSendGrid.start();
    const app = await Test.createTestingModule({
      imports: [
        SendGridSmtpModule.forRoot({
          ...relay.options,
          defaults: { from: 'hello@shop.example' },
          shutdown: { timeoutMs: 100 },
        }),
      ],
    }).compile();
    await app.init();
    const mail = app.get(MailService);
    mail.events$.subscribe((event) => {
      if (event.type === 'account-paused') alerts.push(event.reply?.text ?? '');
    });
    relay.fail('auth', SENDGRID_REPLIES.creditsExceeded, { times: Infinity });

    const paused = mail.events$.pipe(
      filter(({ type }) => type === 'account-paused'),
    );
    const event = firstValueFrom(paused);
    mail.enqueue({
      to: 'ada@example.com',
      subject: 'Hi',
      text: 'Hi',
    });

    await event;
    expect(alerts).toEqual(['Authentication failed: Maximum credits exceeded']);
    await app.close();
    await relay.stop();
  });
});
