export type {
  AsyncOptionsBase,
  OptionsByClass,
  OptionsByFunction,
  OptionsByProvider,
} from './async-options.js';
export type {
  MergeFields,
  MergeMessage,
  MergeRecipient,
  MergeRecipients,
  MergeValue,
} from './bulk/merge/merge-message.js';
export type { SendMergeOptions } from './bulk/merge/merge-options.js';
export type { MergeOutcome } from './bulk/merge/pack-unit.js';
export type { SendManyOptions } from './bulk/send-many-options.js';
export type { SendOutcome } from './bulk/send-outcome.js';
export { SendRun } from './bulk/send-run.js';
export type { SendProgress, SendStop, SendTotals } from './bulk/send-totals.js';
export type { SendPart, SendReceipt, SendTimings } from './delivery/receipt.js';
export type { LaneStats, MailStats } from './delivery/stats.js';
export {
  InvalidOptionsError,
  type OptionProblem,
} from './errors/invalid-options.error.js';
export {
  isMailError,
  MailError,
  type DeliveryState,
  type FaultScope,
  type MailErrorCode,
  type MailErrorDetails,
} from './errors/mail-error.js';
export type {
  AccountPausedEvent,
  AccountResumedEvent,
  GuardTrippedEvent,
  KeyChangedEvent,
  SenderPausedEvent,
} from './events/account-events.js';
export type {
  CapLearnedEvent,
  ConnectionLostEvent,
  ConnectionOpenedEvent,
  ConnectionRotatedEvent,
  PipeliningChangedEvent,
} from './events/connection-events.js';
export type { MailEventBase } from './events/event-base.js';
export type { MailEvent, MailEventType } from './events/mail-event.js';
export type {
  DeferredEvent,
  DrainedEvent,
  FailedEvent,
  QueuedEvent,
  SentEvent,
  SettledLateEvent,
} from './events/message-events.js';
export type { RecipientOutcome } from './errors/recipient-outcome.js';
export type { ReplyInfo } from './errors/reply-info.js';
export { InjectMailService } from './inject-mail-service.decorator.js';
export { MailExceptionFilter } from './mail-exception.filter.js';
export type { MailProblem } from './mail-problem.js';
export { getMailServiceToken } from './mail-service.token.js';
export { MailService } from './mail.service.js';
export type {
  Mailbox,
  MailAddress,
  MailAlternative,
  MailAttachment,
  MailCalendarEvent,
  MailContent,
  MailEnvelope,
  MailGroup,
  MailHeader,
  MailHeaders,
  MailHeaderValue,
  MailMessage,
  MailPart,
  PreparedHeader,
} from './message/mail-message.js';
export type {
  SendGridAsm,
  SendGridClickTracking,
  SendGridFields,
  SendGridFilter,
  SendGridFooter,
  SendGridGanalytics,
  SendGridMailSettings,
  SendGridOpenTracking,
  SendGridSubscriptionTracking,
  SendGridTime,
  SendGridTrackingSettings,
} from './message/x-smtpapi/sendgrid-fields.js';
export type {
  DrainCounts,
  DrainReport,
  UnsentMail,
} from './options/drain-report.js';
export type { SendGridSmtpAttachmentsOptions } from './options/attachments.options.js';
export { fromFile } from './options/from-file.js';
export type { SendGridSmtpGuardOptions } from './options/guard.options.js';
export type { SendGridSmtpGuardsOptions } from './options/guards.options.js';
export type {
  SendGridSmtpMailbox,
  SendGridSmtpMailDefaults,
} from './options/mail-defaults.js';
export type { SendGridSmtpPoolOptions } from './options/pool.options.js';
export type { SendGridSmtpQueueOptions } from './options/queue.options.js';
export type { SendGridSmtpRateLimitOptions } from './options/rate-limit.options.js';
export type { SendGridSmtpRedirectOptions } from './options/redirect.options.js';
export type { SendGridSmtpRetryOptions } from './options/retry.options.js';
export type {
  MailPlugin,
  Pipelining,
  Security,
} from './options/resolved-options.js';
export type { SendGridSmtpOptions } from './options/sendgrid-smtp-options.js';
export type { SendGridSmtpShutdownOptions } from './options/shutdown.options.js';
export type {
  SuppressionList,
  SuppressionReason,
} from './options/suppression-list.js';
export type {
  SendGridSmtpTenantDefaults,
  SendGridSmtpTenantOptions,
  SendGridSmtpTenantsFunction,
} from './options/tenant.options.js';
export type {
  RenderedTemplate,
  TemplateChoice,
  TemplateRenderer,
} from './options/template-renderer.js';
export type { SendGridSmtpTimeoutOptions } from './options/timeout.options.js';
export type { SendGridSmtpTlsOptions } from './options/tls.options.js';
export type {
  NamedMail,
  SettledSend,
  UnknownSend,
  UnknownSendStore,
} from './options/unknown-send-store.js';
export type { Lane } from './pool/lane.js';
export type {
  DrainOptions,
  EnqueueOptions,
  PurgeOptions,
  SendOptions,
} from './send-options.js';
export type {
  SendGridSmtpModuleAsyncBase,
  SendGridSmtpModuleAsyncOptions,
  SendGridSmtpModuleExtras,
  SendGridSmtpModuleOptions,
  SendGridSmtpModuleUseClass,
  SendGridSmtpModuleUseExisting,
  SendGridSmtpModuleUseFactory,
  SendGridSmtpOptionsFactory,
} from './sendgrid-smtp-module.options.js';
export { SendGridSmtpModule } from './sendgrid-smtp.module.js';
export {
  SendGridTransport,
  type SendGridTransportOptions,
} from './transport/sendgrid-transport.js';
