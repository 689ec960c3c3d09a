import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { MailService, type SendGridSmtpOptions } from 'nestjs-sendgrid-smtp';
import { capturedMail, type MailCapture } from 'nestjs-sendgrid-smtp/testing';
import { onTestFinished } from 'vitest';

import { instanceToken, optionsToken } from '../../../lib/instance-tokens.js';
import { instanceLog } from '../../../lib/module-logger.js';
import type { GivenOptions } from '../../../lib/options-provider.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { openInstance } from '../../../lib/transport/open-instance.js';

/** What takes the place of a page's options; the others stay as they are. */
export type Instead = Partial<SendGridSmtpOptions>;

const CAPTURE: Instead = { mode: 'capture' };

/** An application of a page's modules, closed when the test ends. */
export interface Started {
  readonly app: INestApplication;
  readonly mail: MailService;

  /** The mail of an instance that keeps it in memory. */
  captured(name?: string): MailCapture;
}

/** Starts modules as a page has them, but for where their mail goes. */
export async function start(
  metadata: ModuleMetadata,
  instead: Instead = CAPTURE,
  names: readonly string[] = ['default'],
): Promise<Started> {
  const builder = Test.createTestingModule(metadata).setLogger(SILENT);
  for (const name of names) {
    builder.overrideProvider(instanceToken(name)).useFactory({
      inject: [optionsToken(name)],
      factory: (...[given]: [GivenOptions]) =>
        openInstance(
          resolveOptions({ ...Object(given.reveal()), ...instead }),
          name,
          instanceLog(name),
        ),
    });
  }
  const module = await builder.compile();
  const app = module.createNestApplication({ logger: false });
  onTestFinished(() => app.close());
  await app.init();
  return {
    app,
    mail: app.get(MailService),
    captured: (name) => capturedMail(app, name),
  };
}

const SILENT = {
  log: (): void => undefined,
  error: (): void => undefined,
  warn: (): void => undefined,
};
