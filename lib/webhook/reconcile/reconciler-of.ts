import { MailInstance } from '../../transport/mail-instance.js';
import { SendGridTransport } from '../../transport/sendgrid-transport.js';
import type { Reconciler } from './reconciler.js';

/**
 * Settles the sends of unknown outcome of a transport that is used without a
 * mail instance.
 *
 * @example
 * ```ts
 * webhook.reconcileWith(reconcilerOf(transport));
 * ```
 */
export function reconcilerOf(transport: SendGridTransport): Reconciler {
  return new MailInstance(SendGridTransport.lineOf(transport));
}
