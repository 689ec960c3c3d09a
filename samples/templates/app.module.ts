import { Module } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { mailOptions } from '../common/mail-options.js';
import { templates } from './templates.js';
import { WelcomeController } from './welcome.controller.js';

@Module({
  imports: [
    SendGridSmtpModule.forRootAsync({
      useFactory: async () => ({ ...(await mailOptions()), templates }),
    }),
  ],
  controllers: [WelcomeController],
})
export class AppModule {}
