export type {
  AsyncOptionsBase,
  OptionsByClass,
  OptionsByFunction,
  OptionsByProvider,
} from '../async-options.js';
export { MemoryUnknownSends } from '../delivery/memory-unknown-sends.js';
export type {
  SuppressionList,
  SuppressionReason,
} from '../options/suppression-list.js';
export {
  isAbout,
  type NamedMail,
  type SettledSend,
  type UnknownSend,
  type UnknownSendStore,
} from '../options/unknown-send-store.js';
export { eventIds } from './events/event-ids.js';
export type {
  ClickedOutcome,
  ComplainedOutcome,
  DeferredOutcome,
  DeliveredOutcome,
  MailOutcome,
  MailOutcomeBase,
  OpenedOutcome,
  UndeliveredOutcome,
  UnsubscribedOutcome,
} from './events/mail-outcome.js';
export { outcomeOf } from './events/outcome-of.js';
export { parseEvents } from './events/parse-events.js';
export {
  isSendGridEvent,
  type SendGridAccountStatusChangeEvent,
  type SendGridBounceEvent,
  type SendGridClickEvent,
  type SendGridDeferredEvent,
  type SendGridDeliveredEvent,
  type SendGridDroppedEvent,
  type SendGridEvent,
  type SendGridEventBase,
  type SendGridEventName,
  type SendGridEventOf,
  type SendGridGroupResubscribeEvent,
  type SendGridGroupUnsubscribeEvent,
  type SendGridOpenEvent,
  type SendGridProcessedEvent,
  type SendGridSpamReportEvent,
  type SendGridTransitEvent,
  type SendGridUnsubscribeEvent,
} from './events/sendgrid-event.js';
export {
  OnSendGridEvent,
  type SendGridEventHandlerDecorator,
} from './handlers/on-sendgrid-event.decorator.js';
export { MemorySeenEvents, type SeenEvents } from './intake/seen-events.js';
export { findMail, type MailLookup } from './reconcile/find-mail.js';
export { reconcilerOf } from './reconcile/reconciler-of.js';
export type { Reconciler } from './reconcile/reconciler.js';
export { SendGridWebhook } from './sendgrid-webhook.js';
export type {
  SendGridWebhookModuleAsyncBase,
  SendGridWebhookModuleAsyncOptions,
  SendGridWebhookModuleExtras,
  SendGridWebhookModuleOptions,
  SendGridWebhookModuleUseClass,
  SendGridWebhookModuleUseExisting,
  SendGridWebhookModuleUseFactory,
  SendGridWebhookOptionsFactory,
} from './sendgrid-webhook-module.options.js';
export type { SendGridWebhookOptions } from './sendgrid-webhook-options.js';
export { SendGridWebhookModule } from './sendgrid-webhook.module.js';
export { readPublicKey } from './signature/public-keys.js';
export {
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
  verifySignature,
  type SignedPost,
} from './signature/verify-signature.js';
export type { SuppressedBy } from './suppression/suppression-of.js';
export {
  MemorySuppressions,
  type SuppressionStore,
} from './suppression/suppression-store.js';
