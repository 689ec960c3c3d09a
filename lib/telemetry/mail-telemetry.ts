import type { OnModuleInit } from '@nestjs/common';
import type { MailInstance } from '../transport/mail-instance.js';
import { instrumentInstance } from './instrument-instance.js';

/** Starts measuring an instance before the application does anything with it. */
export class MailTelemetry implements OnModuleInit {
  readonly #name: string;
  readonly #findInstance: () => MailInstance;

  constructor(name: string, findInstance: () => MailInstance) {
    this.#name = name;
    this.#findInstance = findInstance;
  }

  onModuleInit(): void {
    instrumentInstance(this.#findInstance(), this.#name);
  }
}
