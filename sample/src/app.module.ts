import { Module } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { MailboxModule } from 'nestjs-sendgrid-smtp/mailbox';
import { CampaignController } from './campaign.controller.js';
import { Campaigns } from './campaigns.js';
import { MailController } from './mail.controller.js';
import { mailOptions } from './mail-options.js';

const { REDIS_URL, DATABASE_URL } = process.env;
const store = REDIS_URL || DATABASE_URL;

// Only who uses the outbox needs BullMQ installed.
const outbox = store
  ? [(await import('./outbox.module.js')).OutboxModule.over(store)]
  : [];

@Module({
  imports: [
    SendGridSmtpModule.forRootAsync({ useFactory: mailOptions }),
    // Where NODE_ENV is development or test: http://localhost:3000/dev/mailbox
    MailboxModule.forRoot({ path: '/dev/mailbox', deliver: true }),
    ...outbox,
  ],
  controllers: [MailController, CampaignController],
  providers: [Campaigns],
})
export class AppModule {}
