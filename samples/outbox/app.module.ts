import { Module } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { MailOutboxModule } from 'nestjs-sendgrid-smtp/outbox';
import { mailOptions } from '../../sample/src/mail-options.js';
import { OutboxController } from './outbox.controller.js';
import { storeUrl } from './store-url.js';

/** Mail that survives a crash: this process enqueues it, and sends it. */
@Module({
  imports: [
    SendGridSmtpModule.forRootAsync({ useFactory: mailOptions }),
    MailOutboxModule.forRootAsync({
      useFactory: () => ({
        connection: storeUrl(),
        environment: process.env['NODE_ENV'] ?? 'development',
      }),
    }),
  ],
  controllers: [OutboxController],
})
export class AppModule {}
