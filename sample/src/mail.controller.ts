import { Body, Controller, Get, Post } from '@nestjs/common';
import {
  MailService,
  type MailStats,
  type SendReceipt,
} from 'nestjs-sendgrid-smtp';
import { SendMailDto } from './send-mail.dto.js';

/** Sends mail, and tells how the instance does. */
@Controller('mail')
export class MailController {
  constructor(private readonly mail: MailService) {}

  @Post()
  send(@Body() { to, subject, text }: SendMailDto): Promise<SendReceipt> {
    return this.mail.send({ to, subject, text }, { timeoutMs: 20_000 });
  }

  @Get('stats')
  stats(): MailStats {
    return this.mail.stats();
  }
}
