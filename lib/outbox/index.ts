export type {
  AsyncOptionsBase,
  OptionsByClass,
  OptionsByFunction,
  OptionsByProvider,
} from '../async-options.js';
export type { FleetLimits } from './fleet/fleet-limits.js';
export type { FleetStatus, FleetWorker } from './fleet/fleet-status.js';
export { InjectMailOutbox } from './inject-mail-outbox.decorator.js';
export type {
  MailOutboxModuleAsyncBase,
  MailOutboxModuleAsyncOptions,
  MailOutboxModuleExtras,
  MailOutboxModuleOptions,
  MailOutboxModuleUseClass,
  MailOutboxModuleUseExisting,
  MailOutboxModuleUseFactory,
  MailOutboxOptionsFactory,
} from './mail-outbox-module.options.js';
export { MailOutbox } from './mail-outbox.js';
export { MailOutboxModule } from './mail-outbox.module.js';
export { getMailOutboxToken } from './mail-outbox.token.js';
export type {
  MailOutboxConnection,
  MailOutboxPostgresOptions,
  MailOutboxPostgresPool,
  MailOutboxRedisClient,
  MailOutboxRedisOptions,
} from './options/connection.js';
export type { MailOutboxEncryptionOptions } from './options/encryption.options.js';
export type { MailOutboxFleetOptions } from './options/fleet.options.js';
export type {
  MailOutboxOptions,
  MailOutboxRole,
} from './options/mail-outbox-options.js';
export type { MailOutboxRetryOptions } from './options/retry.options.js';
export type {
  MailOutboxEnqueuedEvent,
  MailOutboxDeferredEvent,
  MailOutboxEvent,
  MailOutboxFailedEvent,
  MailOutboxMessageEvent,
  MailOutboxReconciledEvent,
  MailOutboxRefusedEvent,
  MailOutboxSentEvent,
  MailOutboxStoreTroubleEvent,
  MailOutboxUncertainEvent,
  MailOutboxWorkerPausedEvent,
  MailOutboxWorkerResumedEvent,
} from './outbox-events.js';
export type {
  MailOutboxEnqueueOptions,
  MailOutboxEntry,
  MailOutboxFailure,
  MailOutboxMetrics,
  MailOutboxPage,
  MailOutboxRef,
  MailOutboxState,
  MailOutboxTicket,
} from './outbox-mail.js';
export type { MailOutboxTransaction } from './store/transaction.js';
