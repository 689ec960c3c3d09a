import { Logger, type OnModuleInit, type Provider } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { INSTANCE_OPENER } from '../instance-tokens.js';
import type { GivenOptions } from '../options-provider.js';
import type { Log } from '../options/log.js';
import { LiveStreams } from './http/live-streams.js';
import { loadReader } from './mail/load-reader.js';
import { MailboxLifecycle } from './mailbox-lifecycle.js';
import {
  MAILBOX_OPTIONS,
  MAILBOX_PATH,
  MAILBOX_RESOLVED,
} from './mailbox-tokens.js';
import { Mailbox } from './mailbox.js';
import { pathProblem } from './options/mailbox-path.js';
import {
  resolveMailboxOptions,
  type ResolvedMailboxOptions,
} from './options/resolve-mailbox-options.js';
import { PoolView } from './pool/pool-view.js';

const LOGGER = new Logger('MailboxModule');
const LOG: Log = {
  info: (message) => LOGGER.log(message),
  warn: (message) => LOGGER.warn(message),
};

/** What was decided when the module was imported. */
export interface Decided {
  readonly path: string;

  /** Whether it needs a guard and has none. */
  readonly lacksGuard: boolean;
}

/** Everything of a mailbox but its options. */
export function mailboxProviders(decided: Decided): Provider[] {
  return [
    {
      provide: MAILBOX_RESOLVED,
      inject: [MAILBOX_OPTIONS],
      useFactory: (given: GivenOptions) =>
        resolveMailboxOptions(given.reveal(), problemsOf(decided)),
    },
    {
      provide: Mailbox,
      inject: [MAILBOX_RESOLVED],
      useFactory: async (options: ResolvedMailboxOptions) =>
        new Mailbox(options, await loadReader()),
    },
    { provide: MAILBOX_PATH, useValue: decided.path },
    { provide: INSTANCE_OPENER, useExisting: Mailbox },
    {
      provide: PoolView,
      inject: [Mailbox],
      useFactory: (mailbox: Mailbox) => new PoolView(mailbox),
    },
    {
      provide: LiveStreams,
      inject: [Mailbox, PoolView],
      useFactory: (mailbox: Mailbox, pool: PoolView) =>
        new LiveStreams(mailbox, pool),
    },
    lifecycle(decided.path),
  ];
}

/** What starts and stops it: the only provider with hooks. */
function lifecycle(path: string): Provider {
  return {
    provide: MailboxLifecycle,
    inject: [
      MAILBOX_RESOLVED,
      Mailbox,
      LiveStreams,
      ModulesContainer,
      ModuleRef,
    ],
    useFactory: (
      options: ResolvedMailboxOptions,
      mailbox: Mailbox,
      streams: LiveStreams,
      modules: ModulesContainer,
      ref: ModuleRef,
    ) => {
      const parts = { options, path, mailbox, streams, log: LOG };
      return new MailboxLifecycle(parts, modules, ref);
    },
  };
}

/** Says that there is no mailbox, and why; mail goes its way. */
export function noMailbox(reason: string): Provider<OnModuleInit> {
  const line = `There is no mailbox here: ${reason}. Mail goes its way. NODE_ENV has to be 'development' or 'test', or \`enabled\` true with a \`guard\`.`;
  return {
    provide: 'SendGridMailboxOff',
    useValue: { onModuleInit: () => LOG.info(line) },
  };
}

function problemsOf({
  path,
  lacksGuard,
}: Decided): Parameters<typeof resolveMailboxOptions>[1] {
  const problem =
    "is required with `enabled: true` where NODE_ENV is not 'development' or 'test': the mailbox shows everybody's mail. Give a guard that lets in who may see it";
  const noGuard = lacksGuard ? [{ option: 'guard', problem }] : [];
  return [...[pathProblem(path) ?? []].flat(), ...noGuard];
}
