import { Module } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { MailboxModule } from 'nestjs-sendgrid-smtp/mailbox';
import { mailOptions } from '../../sample/src/mail-options.js';
import { templates } from './templates.js';
import { WelcomeController } from './welcome.controller.js';

@Module({
  imports: [
    SendGridSmtpModule.forRootAsync({
      useFactory: async () => ({ ...(await mailOptions()), templates }),
    }),
    // Where NODE_ENV is development or test: http://localhost:3000/dev/mailbox
    MailboxModule.forRoot({ path: '/dev/mailbox', deliver: true }),
  ],
  controllers: [WelcomeController],
})
export class AppModule {}
