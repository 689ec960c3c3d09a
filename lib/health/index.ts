export type { MailHealthData } from './mail-health-data.js';
export {
  MailHealthIndicator,
  type MailHealthResult,
} from './mail-health.indicator.js';
export { MailHealthModule } from './mail-health.module.js';
export type { MailHealthOptions, MailTrouble } from './mail-health.options.js';
export type { MailProbeResult } from './noop-probe.js';
