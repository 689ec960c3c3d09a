import type { NamedMail } from '../../options/unknown-send-store.js';

/**
 * Something that has sent messages and may not know what became of them: a mail
 * instance, or an outbox with uncertain jobs.
 */
export interface Reconciler {
  /**
   * Whether it may know of any such message at present: it is told of nothing
   * while that is false. Left out, it is told of everything.
   */
  readonly expecting?: boolean;

  /**
   * Told what events name which messages. SendGrid makes no event of a message
   * that it has not taken, so a message that is named was accepted.
   *
   * @returns how many messages that settled
   */
  reconcile(named: readonly NamedMail[]): number | Promise<number>;
}
