import type { Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import {
  lifecycleToken,
  instanceToken,
  optionsToken,
} from './instance-tokens.js';
import { MailLifecycle } from './mail-lifecycle.js';
import { getMailServiceToken } from './mail-service.token.js';
import { MailService } from './mail.service.js';
import { instanceLog } from './module-logger.js';
import type { GivenOptions } from './options-provider.js';
import { resolveOptions } from './options/resolve-options.js';
import type { MailInstance } from './transport/mail-instance.js';
import { openInstance } from './transport/open-instance.js';

/** Everything of an instance but its options. */
export function instanceProviders(name: string): Provider[] {
  const log = instanceLog(name);
  return [
    {
      provide: instanceToken(name),
      inject: [optionsToken(name)],
      useFactory: (options: GivenOptions) =>
        openInstance(resolveOptions(options.reveal()), name, log),
    },
    {
      provide: getMailServiceToken(name),
      inject: [instanceToken(name)],
      useFactory: (instance: MailInstance) => new MailService(instance),
    },
    {
      provide: lifecycleToken(name),
      inject: [instanceToken(name), ModulesContainer],
      useFactory: (instance: MailInstance, modules: ModulesContainer) =>
        new MailLifecycle(name, instance, modules, log),
    },
  ];
}
