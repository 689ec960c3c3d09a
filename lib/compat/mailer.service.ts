import type { ModuleRef } from '@nestjs/core';
import type { Transporter } from 'nodemailer';
import { mailerOf } from '../create-mailer.js';
import type { SendReceipt } from '../delivery/receipt.js';
import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import { findInstance } from '../find-instance.js';
import { MailService } from '../mail.service.js';
import { excerpt, invalidMessage } from '../message/invalid-message.js';
import type { MailInstance } from '../transport/mail-instance.js';
import type { Outlet } from '../transport/outlet.js';
import type { TransportType } from './mailer-options.js';
import type { MailerSetup } from './mailer-setup.js';
import { render } from './render.js';
import type { ISendMailOptions } from './send-mail-options.js';

/**
 * The service of @nestjs-modules/mailer over this package's pool. Failures are
 * `MailError`s; `MailService`, which the module provides too, does all else.
 */
export class MailerService {
  readonly #setup: MailerSetup;
  readonly #instance: MailInstance;
  readonly #modules: Pick<ModuleRef, 'get'>;

  /** @internal */
  constructor(
    setup: MailerSetup,
    instance: MailInstance,
    modules: Pick<ModuleRef, 'get'>,
  ) {
    this.#setup = setup;
    this.#instance = instance;
    this.#modules = modules;
  }

  /**
   * Renders the template, if one is named, and sends. Resolves once the relay
   * has accepted the message for at least one recipient.
   *
   * @throws MailError as `MailService.send`; `INVALID_MESSAGE` for a template
   * that cannot be rendered and a `transporterName` that is none
   */
  async sendMail(sendMailOptions: ISendMailOptions): Promise<SendReceipt> {
    // Untyped callers may give anything; `send` says so.
    const { transporterName, timeout } = sendMailOptions ?? {};
    const mail = new MailService(this.#outlet(transporterName));
    const message = await render(sendMailOptions ?? {}, this.#setup.templates);
    const timeoutMs = timeout ?? this.#setup.sendTimeout;
    const limited = timeoutMs !== undefined && timeoutMs > 0;
    return mail.send(message, limited ? { timeoutMs } : {});
  }

  /** Whether every transport takes a connection and its key. */
  async verifyAllTransporters(): Promise<boolean> {
    const { hasDefault, names } = this.#setup;
    const outlets = [...(hasDefault ? [undefined] : []), ...names].map((name) =>
      this.#outlet(name),
    );
    const verified = await Promise.allSettled(
      outlets.map(async (outlet) => outlet.open().carrier.verify()),
    );
    return verified.every(({ status }) => status === 'fulfilled');
  }

  /**
   * nodemailer's transporter of a transport, without the module's defaults and
   * templates.
   *
   * @throws MailError `INVALID_MESSAGE` when there is none of that name
   */
  getTransporter(name?: string): Transporter<SendReceipt> {
    return mailerOf(this.#outlet(name).open());
  }

  /**
   * Adds a transport, or replaces one; opens no connection yet.
   *
   * @throws InvalidOptionsError
   */
  addTransporter(transporterName: string, config: TransportType): string {
    const replaced = this.#setup.names.includes(transporterName);
    this.#setup.add(transporterName, config);
    if (replaced) this.#close(transporterName);
    return transporterName;
  }

  /** Removes a transport; what it has queued is delivered. */
  removeTransporter(transporterName: string): boolean {
    const removed = this.#setup.remove(transporterName);
    if (removed) this.#close(transporterName);
    return removed;
  }

  #close(name: string): void {
    // A drain settles what is pending itself, and reports nothing here.
    void this.#instance.ofTenant(name).drain(undefined);
  }

  #outlet(name: string | undefined): Outlet {
    const { hasDefault, names } = this.#setup;
    if (name === undefined && hasDefault) return this.#instance;
    if (name !== undefined && names.includes(name)) {
      return this.#instance.ofTenant(name);
    }
    if (name === undefined) throw noSuchTransport('none', names);
    return this.#named(name);
  }

  /** An instance of `SendGridSmtpModule`. */
  #named(name: string): MailInstance {
    try {
      return findInstance(this.#modules, name);
    } catch (error) {
      if (!(error instanceof InvalidOptionsError)) throw error;
      throw noSuchTransport(excerpt(name), this.#setup.names);
    }
  }
}

function noSuchTransport(name: string, names: readonly string[]): Error {
  const known =
    names.length === 0 ? 'there are none' : `they are ${names.join(', ')}`;
  return invalidMessage(
    `\`transporterName\` is ${name}: give one of \`transports\` of MailerModule ` +
      `(${known}), or the name of an instance of SendGridSmtpModule.`,
  );
}
