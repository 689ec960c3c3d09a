import { Module } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { MailboxModule } from 'nestjs-sendgrid-smtp/mailbox';
import { MailController } from './mail.controller.js';
import { mailOptions } from './mail-options.js';

@Module({
  imports: [
    SendGridSmtpModule.forRootAsync({ useFactory: mailOptions }),
    // Where NODE_ENV is development or test: http://localhost:3000/dev/mailbox
    MailboxModule.forRoot({ path: '/dev/mailbox', deliver: true }),
  ],
  controllers: [MailController],
})
export class AppModule {}
