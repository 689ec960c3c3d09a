import {
  Module,
  type INestApplicationContext,
  type ModuleMetadata,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import {
  MailOutbox,
  MailOutboxModule,
  type MailOutboxEvent,
  type MailOutboxModuleOptions,
} from 'nestjs-sendgrid-smtp/outbox';

import type { StoreServer } from '../../support/stores/store-server.js';

@Module({})
class OutboxAppModule {}

/** What an application of a test is made of. */
export interface OutboxAppOptions {
  readonly store: Pick<StoreServer, 'url'>;

  /** Without one, the application only enqueues. */
  readonly relay?: { readonly options: SendGridSmtpModuleOptions } | undefined;
  readonly outbox?: Partial<MailOutboxModuleOptions>;
  readonly mail?: Partial<SendGridSmtpModuleOptions>;
}

/** An application with an outbox, and what has happened in it. */
export interface OutboxApp {
  readonly app: INestApplicationContext;
  readonly outbox: MailOutbox;
  readonly mail: MailService;
  readonly events: readonly MailOutboxEvent[];

  /** Resolves with the first event of that type, now or later. */
  event<Type extends MailOutboxEvent['type']>(
    type: Type,
  ): Promise<Extract<MailOutboxEvent, { type: Type }>>;
}

/** Starts an application; the one who calls closes it. */
export async function startOutbox({
  store,
  relay,
  outbox: given = {},
  mail: mailOptions = {},
}: OutboxAppOptions): Promise<OutboxApp> {
  const imports: NonNullable<ModuleMetadata['imports']> = [
    MailOutboxModule.forRoot({
      connection: store.url,
      environment: 'test',
      role: relay === undefined ? 'producer' : 'both',
      ...given,
    }),
  ];
  if (relay !== undefined) {
    imports.push(
      SendGridSmtpModule.forRoot({
        ...relay.options,
        defaults: { from: 'Shop <hello@shop.example>' },
        ...mailOptions,
      }),
    );
  }
  const app = await NestFactory.createApplicationContext(
    { module: OutboxAppModule, imports },
    { logger: false, abortOnError: false },
  );
  const outbox = app.get(MailOutbox);
  const events: MailOutboxEvent[] = [];
  outbox.events$.subscribe((event) => events.push(event));
  return {
    app,
    outbox,
    get mail() {
      return app.get(MailService);
    },
    events,
    event: (type) => eventOf(outbox, events, type),
  };
}

function eventOf<Type extends MailOutboxEvent['type']>(
  outbox: MailOutbox,
  events: readonly MailOutboxEvent[],
  type: Type,
): Promise<Extract<MailOutboxEvent, { type: Type }>> {
  const isIt = (
    event: MailOutboxEvent,
  ): event is Extract<MailOutboxEvent, { type: Type }> => event.type === type;
  const known = events.find(isIt);
  if (known !== undefined) return Promise.resolve(known);
  return new Promise((resolve) => {
    const subscription = outbox.events$.subscribe((event) => {
      if (!isIt(event)) return;
      subscription.unsubscribe();
      resolve(event);
    });
  });
}
