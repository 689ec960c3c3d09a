import {
  Body,
  Controller,
  Get,
  NotFoundException,
  Param,
  Post,
} from '@nestjs/common';
import {
  MailService,
  type MailStats,
  type SendReceipt,
} from 'nestjs-sendgrid-smtp';
import { Customers } from './customers.js';
import { SendMailDto } from '../../sample/src/send-mail.dto.js';

/** Sends for one customer: with its key, over connections of its own. */
@Controller('tenants/:id')
export class TenantController {
  constructor(
    private readonly mail: MailService,
    private readonly customers: Customers,
  ) {}

  @Post('mail')
  send(
    @Param('id') id: string,
    @Body() { to, subject, text }: SendMailDto,
  ): Promise<SendReceipt> {
    const message = { to, subject, text };
    return this.#mailOf(id).send(message, { timeoutMs: 20_000 });
  }

  @Get('stats')
  stats(@Param('id') id: string): MailStats {
    return this.#mailOf(id).stats();
  }

  #mailOf(id: string): MailService {
    if (!this.customers.has(id)) throw new NotFoundException();
    return this.mail.forTenant(id);
  }
}
