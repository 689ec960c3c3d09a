export type {
  AsyncOptionsBase,
  OptionsByClass,
  OptionsByFunction,
  OptionsByProvider,
} from '../async-options.js';
export type { MailStats } from '../delivery/stats.js';
export type {
  MailboxAttachment,
  MailboxFinding,
  MailboxHeader,
  MailboxList,
  MailboxMessage,
  MailboxOutcome,
  MailboxState,
  MailboxSummary,
} from './mail/mailbox-message.js';
export type {
  MailboxModuleAsyncBase,
  MailboxModuleAsyncOptions,
  MailboxModuleExtras,
  MailboxModuleOptions,
  MailboxModuleUseClass,
  MailboxModuleUseExisting,
  MailboxModuleUseFactory,
  MailboxOptionsFactory,
} from './mailbox-module.options.js';
export type { MailboxOptions } from './mailbox-options.js';
export { MailboxModule } from './mailbox.module.js';
export type {
  MailboxConnection,
  MailboxPool,
  MailboxPoolPart,
} from './pool/mailbox-pool.js';
