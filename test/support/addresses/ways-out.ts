import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import nodemailer from 'nodemailer';
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  SendGridTransport,
  type MailMessage,
  type SendGridSmtpModuleOptions,
  type SendReceipt,
} from 'nestjs-sendgrid-smtp';
import {
  FakeSendGrid,
  type ReceivedMessage,
} from 'nestjs-sendgrid-smtp/testing';

/** The ways that a message takes: without a MIME tree, over one, and from nodemailer. */
export const WAYS = ['direct', 'tree', 'nodemailer'] as const;

export type Way = (typeof WAYS)[number];

const DEFAULTS = { from: 'shop@shop.example' };

/** With a plugin, even one that does nothing, messages have their tree. */
const PLUGIN: SendGridSmtpModuleOptions = {
  plugins: [{ step: 'stream', plugin: (_mail, done) => done() }],
};

/** One relay for the tests of a file, and every way to it. */
export class WaysOut {
  readonly #send = new Map<Way, (m: MailMessage) => Promise<SendReceipt>>();
  readonly #close: (() => Promise<unknown>)[] = [];
  #relay: FakeSendGrid | undefined;

  constructor() {
    beforeAll(() => this.#start());
    afterEach(() => this.relay.clear());
    afterAll(async () => {
      await Promise.all(this.#close.map((close) => close()));
      await this.relay.stop();
    });
  }

  get relay(): FakeSendGrid {
    if (this.#relay === undefined) throw new Error('It is not started yet');
    return this.#relay;
  }

  /** What the relay has got since the test began. */
  get received(): readonly ReceivedMessage[] {
    return this.relay.messages;
  }

  /** Sends one message on one of the ways. */
  send(way: Way, message: MailMessage): Promise<SendReceipt> {
    const send = this.#send.get(way);
    if (send === undefined) throw new Error('It is not started yet');
    return send({ subject: 'Hi', text: 'Hi', ...message });
  }

  async #start(): Promise<void> {
    const relay = await FakeSendGrid.start();
    this.#relay = relay;
    const direct = await this.#application({});
    const tree = await this.#application(PLUGIN);
    this.#send.set('direct', (message) => direct.send(message));
    this.#send.set('tree', (message) => tree.send(message));
    const transport = new SendGridTransport(relay.options);
    const mailer = nodemailer.createTransport(transport, DEFAULTS);
    this.#close.push(() => transport.close());
    this.#send.set('nodemailer', (message) =>
      mailer.sendMail(message as Parameters<typeof mailer.sendMail>[0]),
    );
  }

  async #application(options: SendGridSmtpModuleOptions): Promise<MailService> {
    const module = SendGridSmtpModule.forRoot({
      ...this.relay.options,
      defaults: DEFAULTS,
      ...options,
    });
    const app: INestApplicationContext =
      await NestFactory.createApplicationContext(module, { logger: false });
    this.#close.push(() => app.close());
    return app.get(MailService);
  }
}

/** The value of a header, on one line; undefined without it. */
export function headerOf(
  message: ReceivedMessage | undefined,
  name: string,
): string | undefined {
  const head = message?.raw.toString('latin1').split('\r\n\r\n')[0] ?? '';
  const unfolded = head.replace(/\r\n(?=[ \t])/g, '');
  const line = unfolded
    .split('\r\n')
    .find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}: `));
  return line?.slice(name.length + 2);
}
