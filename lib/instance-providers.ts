import type { Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { OPENER, type InstanceOpener } from './instance-opener.js';
import {
  INSTANCE_OPENER,
  lifecycleToken,
  instanceToken,
  optionsToken,
} from './instance-tokens.js';
import { MailLifecycle } from './mail-lifecycle.js';
import { getMailServiceToken } from './mail-service.token.js';
import { MailService } from './mail.service.js';
import { instanceLog } from './module-logger.js';
import type { GivenOptions } from './options-provider.js';
import type { MailInstance } from './transport/mail-instance.js';

/** Everything of an instance but its options. */
export function instanceProviders(name: string): Provider[] {
  const log = instanceLog(name);
  return [
    {
      provide: instanceToken(name),
      inject: [optionsToken(name), { token: INSTANCE_OPENER, optional: true }],
      useFactory: (
        options: GivenOptions,
        opener: InstanceOpener | undefined = OPENER,
      ) => opener.open(options.reveal(), name, log),
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
