export type { ReplyInfo } from '../errors/reply-info.js';
export type { CapturedMail } from '../transport/captured-mail.js';
export type { ScriptedFailure } from '../transport/scripted-failure.js';
export { capturedMail } from './captured-mail.js';
export {
  assertNotSent,
  assertSent,
  assertSentTimes,
  matchesMail,
} from './assert-sent.js';
export {
  FakeSendGrid,
  type FakeSendGridModuleOptions,
} from './fake-sendgrid.js';
export {
  FakeSendGridError,
  type FakeSendGridErrorCode,
} from './fake-sendgrid/fake-sendgrid.error.js';
export type { FakeEvent } from './fake-sendgrid/fake-events.js';
export type { FakePost, FakeWebhook } from './fake-sendgrid/fake-webhook.js';
export type {
  Fault,
  FaultContext,
  FaultOptions,
  FaultStage,
  ScriptedFault,
} from './fake-sendgrid/faults.js';
export type {
  ConnectionReport,
  FakeSendGridCounters,
} from './fake-sendgrid/ledger.js';
export type {
  Capability,
  FakeSendGridOptions,
} from './fake-sendgrid/options.js';
export type {
  DroppedMessage,
  ReceivedMessage,
} from './fake-sendgrid/received-message.js';
export type { Envelope } from '../smtp/envelope.js';
export { SENDGRID_REPLIES } from './fake-sendgrid/replies.js';
export type { MailCapture } from './mail-capture.js';
export type { TestMail } from './mail-facts.js';
export {
  mailMatchers,
  type MailMatchers,
  type MatcherResult,
} from './mail-matchers.js';
export type { AsymmetricMatcher, MailQuery, TextQuery } from './mail-query.js';
export type { MailSource } from './mail-source.js';
export {
  overrideMail,
  type OverridableBuilder,
  type OverrideBy,
  type OverrideMailOptions,
} from './override-mail.js';
export type { WaitOptions } from './wait-options.js';
