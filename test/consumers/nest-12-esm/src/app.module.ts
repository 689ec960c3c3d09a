import { Injectable, Module } from '@nestjs/common';
import { MailService, SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import type { SendReceipt } from 'nestjs-sendgrid-smtp';

@Injectable()
export class Greeter {
  constructor(private readonly mail: MailService) {}

  greet(to: string): Promise<SendReceipt> {
    return this.mail.send({ to, subject: 'Hello', text: 'Hi' });
  }
}

@Module({
  imports: [
    SendGridSmtpModule.forRoot({
      mode: 'capture',
      defaults: { from: 'Shop <hello@shop.example>' },
    }),
  ],
  providers: [Greeter],
})
export class AppModule {}
