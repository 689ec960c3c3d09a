import type { SuppressionReason } from '../../options/suppression-list.js';
import type { MailOutcome } from '../events/mail-outcome.js';

/** Why a recipient must not be written to, or not in one unsubscribe group. */
export type SuppressedBy = SuppressionReason | 'group-unsubscribed';

/**
 * Why an outcome means that its recipient must not be written to any more;
 * `undefined` when it does not: blocked messages may be sent again.
 */
export function suppressionOf(outcome: MailOutcome): SuppressedBy | undefined {
  switch (outcome.kind) {
    case 'bounced':
    case 'complained':
      return outcome.kind;
    case 'unsubscribed':
      return outcome.groupId === undefined
        ? 'unsubscribed'
        : 'group-unsubscribed';
    default:
      return undefined;
  }
}
