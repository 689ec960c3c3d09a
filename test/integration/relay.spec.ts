import {
  Body,
  Controller,
  Module,
  Post,
  type INestApplication,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  MailExceptionFilter,
  MailService,
  SendGridSmtpModule,
  type MailMessage,
  type SendReceipt,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid, SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { MESSAGE } from './support/options.js';
import { createApp, PLATFORMS } from './support/platforms.js';

const DEFAULTS = { from: 'Shop <shop@example.com>' };

@Controller('mail')
class MailController {
  constructor(private readonly mail: MailService) {}

  @Post()
  send(@Body() message: MailMessage): Promise<SendReceipt> {
    return this.mail.send(message);
  }
}

@Module({ controllers: [MailController] })
class FeatureModule {}

let relay: FakeSendGrid;

afterEach(() => relay.stop());

describe.each(PLATFORMS)('An application on $platform', ({ adapter }) => {
  let app: INestApplication;

  beforeEach(async () => {
    relay = await FakeSendGrid.start();
    const options = { ...relay.options, defaults: DEFAULTS };
    const imports = [SendGridSmtpModule.forRoot(options), FeatureModule];
    app = await createApp({ imports }, adapter());
    app.useGlobalFilters(new MailExceptionFilter());
    await app.listen(0, '127.0.0.1');
  });

  afterEach(() => app.close());

  const post = async (message: MailMessage): Promise<Response> =>
    fetch(`${await app.getUrl()}/mail`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    });

  it('sends through TLS and AUTH and answers the receipt', async () => {
    const response = await post(MESSAGE);

    expect(response.status).toBe(201);
    const receipt: unknown = await response.json();
    const [message] = await relay.waitFor(1);
    expect(receipt).toMatchObject({
      accepted: ['ada@example.net'],
      sendGridId: message?.id,
      messageId: expect.stringMatching(/@example\.com>$/),
    });
    expect(message).toMatchObject({
      envelope: { from: 'shop@example.com', to: ['ada@example.net'] },
      subject: 'Hello',
    });
    expect(relay.counters).toMatchObject({ connections: 1, authenticated: 1 });
  });

  it('reuses its connection', async () => {
    for (const subject of ['One', 'Two', 'Three']) {
      await post({ ...MESSAGE, subject });
    }

    expect(relay.messages.map(({ subject }) => subject)).toEqual([
      'One',
      'Two',
      'Three',
    ]);
    expect(relay.counters.connections).toBe(1);
  });

  it('answers 422 for a recipient that the relay refuses', async () => {
    relay.fail('rcpt', '550 5.1.1 No such user');

    const response = await post(MESSAGE);

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'REJECTED' });
  });

  it('answers 503 for a sender that is not verified, and says nothing of it', async () => {
    relay.fail('message', SENDGRID_REPLIES.senderIdentity);

    const response = await post(MESSAGE);

    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('30');
    expect(await response.json()).toEqual({
      statusCode: 503,
      error: 'Service Unavailable',
      code: 'RELAY_UNAVAILABLE',
      message: 'Mail cannot be sent at the moment. Try again later.',
    });
  });

  it('answers 503 for a refused key, and says nothing of it', async () => {
    relay.fail('auth', '535 Authentication failed: account is suspended', {
      times: 10,
    });

    const response = await post(MESSAGE);

    expect(response.status).toBe(503);
    expect(await response.text()).not.toMatch(/auth|account|suspended/i);
  });
});

describe('Security', () => {
  it.each(['starttls', 'implicit', 'none'] as const)(
    'can be %s on loopback',
    async (security) => {
      relay = await FakeSendGrid.start({ security });
      const module = SendGridSmtpModule.forRoot({
        ...relay.options,
        defaults: DEFAULTS,
      });
      const app = await NestFactory.createApplicationContext(module, {
        logger: false,
      });

      await app.get(MailService).send(MESSAGE);

      expect(relay.messages).toHaveLength(1);
      await app.close();
    },
  );
});

describe('Two instances', () => {
  it('use their own keys and connections', async () => {
    relay = await FakeSendGrid.start();
    const other = await FakeSendGrid.start();
    @Module({
      imports: [
        SendGridSmtpModule.forRoot({ ...relay.options, defaults: DEFAULTS }),
        SendGridSmtpModule.forRoot({
          ...other.options,
          name: 'other',
          defaults: { from: 'other@example.com' },
        }),
      ],
    })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, {
      logger: false,
    });
    const [mail, second] = [
      app.get(MailService),
      app.get<MailService>('MailService:other'),
    ];

    await Promise.all([mail.send(MESSAGE), second.send(MESSAGE)]);

    expect(relay.messages[0]?.envelope.from).toBe('shop@example.com');
    expect(other.messages[0]?.envelope.from).toBe('other@example.com');
    expect(mail.stats().keyFingerprint).toMatch(/^[\da-f]{8}$/);
    expect(second.stats().keyFingerprint).not.toBe(mail.stats().keyFingerprint);
    expect(mail.stats().connections.open).toBe(1);
    await app.close();
    await other.stop();
  });
});
