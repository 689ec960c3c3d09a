import type { Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { createMailer } from './create-mailer.js';
import { lifecycleToken, lineToken, optionsToken } from './instance-tokens.js';
import { MailLifecycle } from './mail-lifecycle.js';
import { getMailServiceToken } from './mail-service.token.js';
import { MailService } from './mail.service.js';
import { instanceLog } from './module-logger.js';
import type { GivenOptions } from './options-provider.js';
import { resolveOptions } from './options/resolve-options.js';
import type { MailLine } from './transport/mail-line.js';
import { openLine } from './transport/open-line.js';

/** Everything of an instance but its options. */
export function instanceProviders(name: string): Provider[] {
  const log = instanceLog(name);
  return [
    {
      provide: lineToken(name),
      inject: [optionsToken(name)],
      useFactory: (options: GivenOptions) =>
        openLine(resolveOptions(options.reveal()), name, log),
    },
    {
      provide: getMailServiceToken(name),
      inject: [lineToken(name)],
      useFactory: (line: MailLine) => new MailService(line, createMailer(line)),
    },
    {
      provide: lifecycleToken(name),
      inject: [lineToken(name), ModulesContainer],
      useFactory: (line: MailLine, modules: ModulesContainer) =>
        new MailLifecycle(name, line, modules, log),
    },
  ];
}
