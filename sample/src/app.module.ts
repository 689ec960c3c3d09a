import { Module } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { MailController } from './mail.controller.js';
import { mailOptions } from './mail-options.js';

@Module({
  imports: [SendGridSmtpModule.forRootAsync({ useFactory: mailOptions })],
  controllers: [MailController],
})
export class AppModule {}
