import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleInit,
} from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { refuseDuplicates } from './duplicate-instances.js';
import { isMailError } from './errors/mail-error.js';
import type { DrainReport } from './options/drain-report.js';
import type { Log } from './options/log.js';
import { redactSecrets } from './options/redact.js';
import { verifyTemplates } from './render-message.js';
import type { MailInstance } from './transport/mail-instance.js';

/**
 * Starts and stops one instance. The only provider with hooks: Nest 11 and 12
 * order the hooks inside a module differently.
 */
export class MailLifecycle
  implements
    OnModuleInit,
    OnApplicationBootstrap,
    BeforeApplicationShutdown,
    OnApplicationShutdown
{
  readonly #name: string;
  readonly #instance: MailInstance;
  readonly #modules: ModulesContainer;
  readonly #log: Log;
  #closed: Promise<void> | undefined;

  constructor(
    name: string,
    instance: MailInstance,
    modules: ModulesContainer,
    log: Log,
  ) {
    this.#name = name;
    this.#instance = instance;
    this.#modules = modules;
    this.#log = log;
  }

  async onModuleInit(): Promise<void> {
    refuseDuplicates(this.#name, this.#modules);
    const { mode, templates, warnings } = this.#instance.options;
    if (mode !== 'smtp') this.#log.info(`Mode '${mode}': no mail is sent.`);
    for (const warning of warnings) this.#log.warn(warning);
    await verifyTemplates(templates);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { verifyOnStart } = this.#instance.options;
    if (verifyOnStart === false) return;
    const verified = this.#instance
      .open()
      .carrier.verify()
      .catch((error: unknown) => {
        if (verifyOnStart === 'fail' && isAccountError(error)) throw error;
        if (isMailError(error) && error.code === 'SHUT_DOWN') return;
        this.#log.warn(`Verifying the relay failed: ${textOf(error)}`);
      });
    if (verifyOnStart === 'fail') await verified;
  }

  /** HTTP handlers still wait for their sends here, so sends are still taken. */
  beforeApplicationShutdown(): void {
    this.#instance.beginShutdown(this.#instance.options.shutdown.timeoutMs);
  }

  /** Once, however often the application is closed: so is the report. */
  onApplicationShutdown(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { timeoutMs, onReport } = this.#instance.options.shutdown;
    const report = await this.#instance.drain(timeoutMs);
    if (report.notSent + report.unknown > 0) this.#warnOfLoss(report);
    try {
      await onReport?.(report);
    } catch (error) {
      this.#log.warn(`shutdown.onReport failed: ${textOf(error)}`);
    }
  }

  #warnOfLoss({ notSent, unknown }: DrainReport): void {
    this.#log.warn(
      `Shut down with mail left over: ${notSent} not sent, ` +
        `${unknown} of unknown outcome.`,
    );
  }
}

function isAccountError(error: unknown): boolean {
  return isMailError(error) && error.code === 'ACCOUNT';
}

function textOf(error: unknown): string {
  return redactSecrets(error instanceof Error ? error.message : String(error));
}
