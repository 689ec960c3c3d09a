import 'reflect-metadata';
import assert from 'node:assert/strict';
import { NestFactory } from '@nestjs/core';
import { MailService } from 'nestjs-sendgrid-smtp';
import { AppModule, Greeter } from './app.module';

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, {
    logger: ['error'],
  });
  const receipt = await app.get(Greeter).greet('ada@example.com');
  assert.deepEqual(receipt.accepted, ['ada@example.com']);

  const imported = await import('nestjs-sendgrid-smtp');
  assert.equal(imported.MailService, MailService);
  await app.close();
}

void main();
