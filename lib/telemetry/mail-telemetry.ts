import type { OnModuleInit } from '@nestjs/common';
import type { MailLine } from '../transport/mail-line.js';
import { instrumentLine } from './instrument-line.js';

/** Starts measuring an instance before the application does anything with it. */
export class MailTelemetry implements OnModuleInit {
  readonly #name: string;
  readonly #findLine: () => MailLine;

  constructor(name: string, findLine: () => MailLine) {
    this.#name = name;
    this.#findLine = findLine;
  }

  onModuleInit(): void {
    instrumentLine(this.#findLine(), this.#name);
  }
}
