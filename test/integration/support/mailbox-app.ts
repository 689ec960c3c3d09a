import {
  Module,
  type INestApplication,
  type LoggerService,
  type ModuleMetadata,
} from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import {
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import {
  MailboxModule,
  type MailboxList,
  type MailboxMessage,
  type MailboxModuleOptions,
} from 'nestjs-sendgrid-smtp/mailbox';
import { request } from 'node:http';
import { afterEach } from 'vitest';
import { PLATFORMS } from './platforms.js';

/** What an application with a mailbox is made of, where it matters. */
export interface MailboxAppOptions {
  readonly mailbox?: MailboxModuleOptions;
  readonly mail?: Partial<SendGridSmtpModuleOptions>;
  readonly metadata?: ModuleMetadata;
  readonly adapter?: () => AbstractHttpAdapter;

  /** Any free one when left out. */
  readonly port?: number;

  /** Done before the application is initialised. */
  readonly prepare?: (app: INestApplication) => void;
}

/** An answer of the mailbox. */
export interface MailboxAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const [EXPRESS] = PLATFORMS;

/** One application with a mailbox for each test that starts one. */
export class MailboxApp {
  #app: INestApplication | undefined;
  #base = '';
  readonly #logger: LoggerService | undefined;

  constructor(logger?: LoggerService) {
    this.#logger = logger;
    afterEach(() => this.close());
  }

  get app(): INestApplication {
    if (this.#app === undefined) throw new Error('It is not started yet');
    return this.#app;
  }

  get mail(): MailService {
    return this.app.get(MailService);
  }

  /** Address of the page. */
  get url(): string {
    return `${this.#base}/dev/mailbox`;
  }

  async start({
    mailbox = {},
    mail = {},
    metadata = {},
    adapter = EXPRESS?.adapter,
    port = 0,
    prepare,
  }: MailboxAppOptions = {}): Promise<void> {
    if (adapter === undefined) throw new Error('There is no platform');
    @Module({})
    class AppModule {}
    const options = {
      apiKey: 'SG.a-key-that-nobody-asks-for.0123456789',
      defaults: { from: 'Shop <hello@shop.example>' },
      ...mail,
    };
    const imports = [
      ...(metadata.imports ?? []),
      SendGridSmtpModule.forRoot(options),
      MailboxModule.forRoot(mailbox),
    ];
    const app = await NestFactory.create(
      { module: AppModule, ...metadata, imports },
      adapter(),
      { logger: this.#logger ?? false, abortOnError: false },
    );
    this.#app = app;
    prepare?.(app);
    await app.listen(port, '127.0.0.1');
    this.#base = await app.getUrl();
  }

  async close(): Promise<void> {
    const app = this.#app;
    this.#app = undefined;
    await app?.close();
  }

  /** Asks for a path below the page's, with any headers at all. */
  ask(
    path = '',
    {
      method = 'GET',
      ...headers
    }: Readonly<Record<string, string>> & { readonly method?: string } = {},
  ): Promise<MailboxAnswer> {
    return ask(`${this.url}${path}`, method, headers);
  }

  async list(query = ''): Promise<MailboxList> {
    return JSON.parse((await this.ask(`/messages${query}`)).body);
  }

  /** The newest message as a whole. */
  async newest(): Promise<MailboxMessage> {
    const [first] = (await this.list()).messages;
    return JSON.parse((await this.ask(`/messages/${first?.id}`)).body);
  }
}

/** `fetch` would not send another Host. */
export function ask(
  url: string,
  method = 'GET',
  headers: Readonly<Record<string, string>> = {},
): Promise<MailboxAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers, agent: false }, (answer) => {
      const { statusCode: status = 0, headers: given } = answer;
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status, headers: given, body });
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}
