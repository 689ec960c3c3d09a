import 'reflect-metadata';
import { createRequire } from 'node:module';
import { Test } from '@nestjs/testing';
import { MailService, SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import {
  MailHealthIndicator,
  MailHealthModule,
} from 'nestjs-sendgrid-smtp/health';
import { MailTelemetryModule } from 'nestjs-sendgrid-smtp/telemetry';
import { createTemplates } from 'nestjs-sendgrid-smtp/templates';
import {
  FakeSendGrid,
  mailMatchers,
  overrideMail,
  type MailMatchers,
} from 'nestjs-sendgrid-smtp/testing';
import {
  SendGridWebhook,
  SendGridWebhookModule,
} from 'nestjs-sendgrid-smtp/webhook';
import { expect, it } from 'vitest';
import { AppModule, Greeter } from './app.module.js';

expect.extend(mailMatchers);

declare module 'vitest' {
  interface Matchers<T> extends MailMatchers {}
}

it('reads what the app sends', async () => {
  const builder = Test.createTestingModule({ imports: [AppModule] });
  const mail = overrideMail(builder);
  const app = await builder.compile();

  await app.get(Greeter).greet('ada@example.com');

  expect(mail.sent()).toHaveLength(1);
  expect(mail).toHaveSent({ to: 'ada@example.com', subject: /hello/i });
  expect(() => expect(mail).toHaveSent({ subject: 'Bye' })).toThrow(
    /received: "Hello"/,
  );
  expect(mail.lastTo('ada@example.com')).toBeDefined();
  await app.close();
});

it('sends over the wire', async () => {
  const relay = await FakeSendGrid.start();
  const app = await Test.createTestingModule({
    imports: [
      SendGridSmtpModule.forRoot({
        ...relay.options,
        defaults: { from: 'hello@shop.example' },
      }),
    ],
    providers: [Greeter],
  }).compile();

  const receipt = await app.get(Greeter).greet('ada@example.com');

  expect(receipt.accepted).toEqual(['ada@example.com']);
  expect(relay.messages.map(({ subject }) => subject)).toEqual(['Hello']);
  await app.close();
  await relay.stop();
});

it('tells terminus and OpenTelemetry of the same instance', async () => {
  const app = await Test.createTestingModule({
    imports: [AppModule, MailHealthModule, MailTelemetryModule.forRoot()],
  }).compile();
  await app.init();

  await app.get(Greeter).greet('ada@example.com');
  app.get(MailService).pause('a test');
  const { mail } = await app.get(MailHealthIndicator).check('mail');

  expect(mail.status).toBe('degraded');
  expect(mail.troubles).toEqual(['paused']);
  await app.close();
});

it('hears of what SendGrid posts', async () => {
  const relay = await FakeSendGrid.start();
  const { webhook } = relay;
  const app = await Test.createTestingModule({
    imports: [
      AppModule,
      SendGridWebhookModule.forRoot({
        path: false,
        publicKeys: webhook.publicKey,
      }),
    ],
  }).compile();
  await app.init();
  const told = new Promise((resolve) => {
    app.get(SendGridWebhook).events$.subscribe(resolve);
  });

  const event = { event: 'open' };
  app.get(SendGridWebhook).take(webhook.sign([event]).body);

  expect(await told).toEqual(event);
  await app.close();
  await relay.stop();
});

it('renders templates, and says what is not installed', async () => {
  const part = (engine: string) => ({ source: 'Hi {{name}}', engine });
  const templates = createTemplates({
    text: 'none',
    resolver: { resolve: (name) => ({ html: part(name) }) },
  });

  const { html } = await templates.render('hbs', { name: '&' });

  expect(html).toBe('Hi &amp;');
  await expect(templates.render('ejs', {})).rejects.toThrow(/npm install ejs/);
});

it('loads one copy for import and require', () => {
  const required = createRequire(import.meta.url)('nestjs-sendgrid-smtp');

  expect(required.MailService).toBe(MailService);
});
