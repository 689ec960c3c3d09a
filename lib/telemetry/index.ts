export { instrumentTransport } from './instrument-transport.js';
export {
  MailTelemetryModule,
  type MailTelemetryOptions,
} from './mail-telemetry.module.js';
