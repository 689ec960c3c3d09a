import { MailInstance } from '../transport/mail-instance.js';
import { SendGridTransport } from '../transport/sendgrid-transport.js';
import { instrumentInstance } from './instrument-instance.js';

/**
 * Measures and traces a transport that is used without Nest, as the instance
 * `transport`, until it is closed. Call it once OpenTelemetry's SDK is started.
 *
 * @returns what ends that earlier
 *
 * @example
 * ```ts
 * const transport = new SendGridTransport({ apiKey });
 * instrumentTransport(transport);
 * ```
 */
export function instrumentTransport(transport: SendGridTransport): () => void {
  const line = SendGridTransport.lineOf(transport);
  return instrumentInstance(new MailInstance(line), 'transport');
}
