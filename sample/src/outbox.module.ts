import { type DynamicModule, Module } from '@nestjs/common';
import { MailOutboxModule } from 'nestjs-sendgrid-smtp/outbox';
import { OutboxController } from './outbox.controller.js';

/** Mail that survives a crash: this process enqueues it, and sends it. */
@Module({ controllers: [OutboxController] })
export class OutboxModule {
  /** @param connection - the URL of a Redis or a PostgreSQL */
  static over(connection: string): DynamicModule {
    const { NODE_ENV: environment = 'development' } = process.env;
    return {
      module: OutboxModule,
      imports: [MailOutboxModule.forRoot({ connection, environment })],
    };
  }
}
