import {
  Module,
  type INestApplication,
  type LoggerService,
  type ModuleMetadata,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { NestFactory } from '@nestjs/core';
import { FakeSendGrid, type FakeWebhook } from 'nestjs-sendgrid-smtp/testing';
import {
  SendGridWebhook,
  SendGridWebhookModule,
  type SendGridEventBase,
  type SendGridWebhookModuleOptions,
} from 'nestjs-sendgrid-smtp/webhook';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { PLATFORMS } from './platforms.js';

/** What an application with a webhook is made of, where it matters. */
export interface WebhookAppOptions extends Partial<SendGridWebhookModuleOptions> {
  readonly metadata?: ModuleMetadata;
  readonly adapter?: () => AbstractHttpAdapter;

  /** Done before the application is initialised. */
  readonly prepare?: (app: INestApplication) => void;
}

const EXPRESS =
  PLATFORMS[0]?.adapter ??
  ((): never => {
    throw new Error('No platform');
  });

/** One relay for the tests of a file, and an application for each that starts one. */
export class WebhookApp {
  #relay: FakeSendGrid | undefined;
  #app: INestApplication | undefined;

  readonly #logger: LoggerService | undefined;

  constructor(logger?: LoggerService) {
    this.#logger = logger;
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

  get sender(): FakeWebhook {
    return this.relay.webhook;
  }

  get app(): INestApplication {
    if (this.#app === undefined) throw new Error('It is not started yet');
    return this.#app;
  }

  get webhook(): SendGridWebhook {
    return this.app.get(SendGridWebhook);
  }

  /** Every event that the webhook has told of, once told. */
  readonly told: SendGridEventBase[] = [];

  /** Starts an application; resolves with its address. */
  async start({
    metadata = {},
    adapter = EXPRESS,
    prepare,
    ...options
  }: WebhookAppOptions = {}): Promise<string> {
    @Module({})
    class AppModule {}
    const module = SendGridWebhookModule.forRoot({
      publicKeys: this.sender.publicKey,
      ...options,
    });
    const imports = [...(metadata.imports ?? []), module];
    const app = await NestFactory.create(
      { module: AppModule, ...metadata, imports },
      adapter(),
      { logger: this.#logger ?? false, abortOnError: false },
    );
    this.#app = app;
    prepare?.(app);
    await app.listen(0, '127.0.0.1');
    this.told.length = 0;
    const add = (event: SendGridEventBase): void => void this.told.push(event);
    this.webhook.events$.subscribe(add);
    this.webhook.otherEvents$.subscribe(add);
    return app.getUrl();
  }

  /** Resolves once what was posted is handled. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
