import { Module } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { mailOptions } from '../../sample/src/mail-options.js';
import { CampaignController } from './campaign.controller.js';
import { Campaigns } from './campaigns.js';

@Module({
  imports: [SendGridSmtpModule.forRootAsync({ useFactory: mailOptions })],
  controllers: [CampaignController],
  providers: [Campaigns],
})
export class AppModule {}
