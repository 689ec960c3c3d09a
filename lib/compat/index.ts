export {
  MailerBatchService,
  type BatchItemResult,
  type BatchMailOptions,
  type BatchResult,
} from './mailer-batch.service.js';
export type {
  MailerAsyncOptions,
  MailerOptions,
  MailerOptionsFactory,
  RateLimitOptions,
  TransportType,
} from './mailer-options.js';
export { MailerModule } from './mailer.module.js';
export type { MailPlugin as MailerPlugin } from '../options/resolved-options.js';
export { MailerService } from './mailer.service.js';
export type { Address, ISendMailOptions } from './send-mail-options.js';
export type {
  I18nOptions,
  MailerTemplateOptions,
  MailerTemplateSettings,
  ResolvedTemplate,
  TemplateAdapter,
  TemplateMail,
  TemplateResolver,
} from './template-adapter.js';
