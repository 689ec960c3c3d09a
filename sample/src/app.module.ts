import { Module } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { CampaignController } from './campaign.controller.js';
import { Campaigns } from './campaigns.js';
import { MailController } from './mail.controller.js';
import { mailOptions } from './mail-options.js';

@Module({
  imports: [SendGridSmtpModule.forRootAsync({ useFactory: mailOptions })],
  controllers: [MailController, CampaignController],
  providers: [Campaigns],
})
export class AppModule {}
