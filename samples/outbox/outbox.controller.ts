import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  MailOutbox,
  type MailOutboxMetrics,
  type MailOutboxState,
  type MailOutboxTicket,
} from 'nestjs-sendgrid-smtp/outbox';
import { EnqueueMailDto } from './enqueue-mail.dto.js';

/** Enqueues mail, and tells where it stands. */
@Controller('outbox')
export class OutboxController {
  constructor(private readonly outbox: MailOutbox) {}

  /** Answers once the store has it; the same `id` is sent once. */
  @Post()
  @HttpCode(202)
  enqueue(
    @Body() { id, ...message }: EnqueueMailDto,
  ): Promise<MailOutboxTicket> {
    return this.outbox.enqueue(message, { id });
  }

  @Get()
  metrics(): Promise<MailOutboxMetrics> {
    return this.outbox.metrics();
  }

  @Get(':id')
  async status(@Param('id') id: string): Promise<{ state: MailOutboxState }> {
    return { state: await this.outbox.status(id) };
  }
}
