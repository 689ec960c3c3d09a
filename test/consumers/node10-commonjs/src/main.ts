import 'reflect-metadata';
import assert from 'node:assert/strict';
import { Test } from '@nestjs/testing';
import { MailService, SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import {
  MailHealthIndicator,
  MailHealthModule,
} from 'nestjs-sendgrid-smtp/health';
import { MailboxModule } from 'nestjs-sendgrid-smtp/mailbox';
import { MailTelemetryModule } from 'nestjs-sendgrid-smtp/telemetry';
import { createTemplates } from 'nestjs-sendgrid-smtp/templates';
import {
  capturedMail,
  FakeSendGrid,
  overrideMail,
} from 'nestjs-sendgrid-smtp/testing';
import {
  SendGridWebhook,
  SendGridWebhookModule,
} from 'nestjs-sendgrid-smtp/webhook';
import { AppModule, Greeter } from './app.module';

async function captured(): Promise<void> {
  const builder = Test.createTestingModule({ imports: [AppModule] });
  const mail = overrideMail(builder);
  const app = await builder.compile();
  await app.get(Greeter).greet('ada@example.com');
  assert.equal(mail.sent().length, 1);
  await app.close();
}

async function overTheWire(): Promise<void> {
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
  assert.deepEqual(receipt.accepted, ['ada@example.com']);
  assert.equal(relay.messages.length, 1);
  await app.close();
  await relay.stop();
}

async function watched(): Promise<void> {
  const app = await Test.createTestingModule({
    imports: [AppModule, MailHealthModule, MailTelemetryModule.forRoot()],
  }).compile();
  await app.init();
  await app.get(Greeter).greet('ada@example.com');
  app.get(MailService).pause('a test');
  const { mail } = await app.get(MailHealthIndicator).check('mail');
  assert.equal(mail.status, 'up');
  assert.deepEqual(mail.troubles, ['paused']);
  await app.close();
}

async function shown(): Promise<void> {
  const guard = { canActivate: () => true };
  const app = await Test.createTestingModule({
    imports: [AppModule, MailboxModule.forRoot({ enabled: true, guard })],
  }).compile();
  await app.init();
  await app.get(Greeter).greet('ada@example.com');
  assert.equal(capturedMail(app).sent().length, 1);
  await app.close();
}

async function toldOf(): Promise<void> {
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
  assert.deepEqual(await told, event);
  await app.close();
  await relay.stop();
}

async function rendered(): Promise<void> {
  const templates = createTemplates({
    text: 'none',
    resolver: {
      resolve: (engine) => ({ html: { source: 'Hi {{name}}', engine } }),
    },
  });
  const { html } = await templates.render('hbs', { name: '&' });
  assert.equal(html, 'Hi &amp;');
  await assert.rejects(templates.render('ejs', {}), /npm install ejs/);
}

async function main(): Promise<void> {
  await captured();
  await overTheWire();
  await watched();
  await shown();
  await toldOf();
  await rendered();
  // Kept as a real import by hand: TypeScript would turn it into a require.
  const load = new Function('name', 'return import(name)');
  const imported = await load('nestjs-sendgrid-smtp');
  assert.equal(imported.MailService, MailService);
}

void main();
