import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Test } from '@nestjs/testing';
import { MailService, SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { FakeSendGrid, overrideMail } from 'nestjs-sendgrid-smtp/testing';

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' };
const defaults = { from: 'Shop <hello@shop.example>' };

async function captured() {
  const builder = Test.createTestingModule({
    imports: [SendGridSmtpModule.forRoot({ mode: 'capture', defaults })],
  });
  const mail = overrideMail(builder);
  const app = await builder.compile();
  await app.get(MailService).send(MAIL);
  assert.equal(mail.sent().length, 1);
  await app.close();
}

async function overTheWire() {
  const relay = await FakeSendGrid.start();
  const app = await Test.createTestingModule({
    imports: [SendGridSmtpModule.forRoot({ ...relay.options, defaults })],
  }).compile();
  const receipt = await app.get(MailService).send(MAIL);
  assert.deepEqual(receipt.accepted, ['ada@example.com']);
  assert.equal(relay.messages.length, 1);
  await app.close();
  await relay.stop();
}

await captured();
await overTheWire();

const require = createRequire(import.meta.url);
assert.equal(require('nestjs-sendgrid-smtp').MailService, MailService);
