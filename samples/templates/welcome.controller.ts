import { Body, Controller, Post } from '@nestjs/common';
import { MailService, type SendReceipt } from 'nestjs-sendgrid-smtp';
import { WelcomeDto } from './welcome.dto.js';

/** Welcomes people in their language. */
@Controller('welcome')
export class WelcomeController {
  constructor(private readonly mail: MailService) {}

  @Post()
  welcome(@Body() { to, name, locale }: WelcomeDto): Promise<SendReceipt> {
    return this.mail.send({
      to: { name, email: to },
      template: 'welcome',
      context: { name, link: 'https://shop.example/start' },
      locale,
    });
  }
}
