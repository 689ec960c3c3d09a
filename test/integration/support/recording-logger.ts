import { Logger, type LoggerService } from '@nestjs/common';
import { inspect } from 'node:util';
import { afterEach, beforeEach } from 'vitest';

/** Everything that Nest and the module logged during a test. */
export class RecordingLogger implements LoggerService {
  lines: string[] = [];

  readonly log = (...parts: unknown[]): void => this.#add('log', parts);
  readonly warn = (...parts: unknown[]): void => this.#add('warn', parts);
  readonly error = (...parts: unknown[]): void => this.#add('error', parts);
  readonly fatal = (...parts: unknown[]): void => this.#add('fatal', parts);
  readonly debug = (...parts: unknown[]): void => this.#add('debug', parts);
  readonly verbose = (...parts: unknown[]): void => this.#add('verbose', parts);

  get text(): string {
    return this.lines.join('\n');
  }

  /** The lines of the module itself. */
  get ours(): string[] {
    return this.lines.filter((line) => line.endsWith(' SendGridSmtpModule'));
  }

  #add(level: string, parts: readonly unknown[]): void {
    const given = parts.filter((part) => part !== undefined);
    const texts = given.map((part) =>
      typeof part === 'string' ? part : inspect(part, { depth: 20 }),
    );
    this.lines.push([level, ...texts].join(' '));
  }
}

/** Puts a recording logger behind Nest's `Logger` for every test of the file. */
export function recordLogs(): RecordingLogger {
  const logger = new RecordingLogger();
  beforeEach(() => {
    logger.lines = [];
    Logger.overrideLogger(logger);
  });
  afterEach(() => {
    Logger.overrideLogger(false);
  });
  return logger;
}
