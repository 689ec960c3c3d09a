import type { NamedMail } from '../../options/unknown-send-store.js';

/**
 * Something that has sent messages and may not know what became of them: a mail
 * instance, or an outbox with uncertain jobs.
 */
export interface Reconciler {
  /**
   * Told what events name which messages. SendGrid makes no event of a message
   * that it has not taken, so a message that is named was accepted.
   *
   * @returns how many messages that settled
   */
  reconcile(named: readonly NamedMail[]): number | Promise<number>;
}
