import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import type { RecordingLogger } from './recording-logger.js';

/** One relay for the tests of a file, and an application for each that starts one. */
export class RelayedApp {
  readonly #logger: RecordingLogger;
  readonly #options: SendGridSmtpModuleOptions;
  #relay: FakeSendGrid | undefined;
  #app: INestApplicationContext | undefined;

  /** `options` are those of every application, unless a test gives its own. */
  constructor(logger: RecordingLogger, options: SendGridSmtpModuleOptions) {
    this.#logger = logger;
    this.#options = options;
    beforeAll(async () => {
      this.#relay = await FakeSendGrid.start();
    });
    afterEach(async () => {
      await this.#app?.close();
      this.#app = undefined;
      this.relay.clear();
    });
    afterAll(() => this.relay.stop());
  }

  get relay(): FakeSendGrid {
    if (this.#relay === undefined) throw new Error('It is not started yet');
    return this.#relay;
  }

  /** The application that the test has started. */
  get app(): INestApplicationContext {
    if (this.#app === undefined) throw new Error('It is not started yet');
    return this.#app;
  }

  async start(
    options: Partial<SendGridSmtpModuleOptions>,
  ): Promise<MailService> {
    const module = SendGridSmtpModule.forRoot({
      ...this.relay.options,
      ...this.#options,
      ...options,
    });
    const logger = this.#logger;
    this.#app = await NestFactory.createApplicationContext(module, { logger });
    return this.#app.get(MailService);
  }
}
