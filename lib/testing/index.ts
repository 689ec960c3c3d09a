export type { ReplyInfo } from '../errors/reply-info.js';
export type { CapturedMail } from '../transport/captured-mail.js';
export type { ScriptedFailure } from '../transport/scripted-failure.js';
export { capturedMail } from './captured-mail.js';
export {
  FakeSendGrid,
  type FakeSendGridModuleOptions,
  type WaitOptions,
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
} from './fake-sendgrid/faults.js';
export type {
  ConnectionReport,
  FakeSendGridCounters,
} from './fake-sendgrid/ledger.js';
export type {
  Capability,
  FakeSendGridOptions,
} from './fake-sendgrid/options.js';
export type { ReceivedMessage } from './fake-sendgrid/received-message.js';
export type { Envelope } from '../smtp/envelope.js';
export { SENDGRID_REPLIES } from './fake-sendgrid/replies.js';
export type { MailCapture } from './mail-capture.js';
export {
  overrideMail,
  type OverridableBuilder,
  type OverrideBy,
  type OverrideMailOptions,
} from './override-mail.js';
