import type { NamedMail } from '../../options/unknown-send-store.js';
import type { SendGridEvent } from './sendgrid-event.js';

/** What every outcome tells. */
export interface MailOutcomeBase extends NamedMail {
  /** The event as SendGrid posted it. */
  readonly event: SendGridEvent;
}

/** The recipient's server has taken it. */
export interface DeliveredOutcome extends MailOutcomeBase {
  readonly kind: 'delivered';
}

/** Not now; SendGrid tries again by itself. */
export interface DeferredOutcome extends MailOutcomeBase {
  readonly kind: 'deferred';
  readonly reason?: string;
  readonly attempt?: number;
}

/**
 * Not delivered. `bounced`: the address takes no mail, and SendGrid drops what
 * is sent to it later. `blocked`: this message was refused, later ones are
 * tried. `dropped`: SendGrid did not try.
 */
export interface UndeliveredOutcome extends MailOutcomeBase {
  readonly kind: 'bounced' | 'blocked' | 'dropped';
  readonly reason?: string;

  /** The enhanced status code, such as `5.1.1`. */
  readonly status?: string;
}

/** The recipient has reported it as spam. */
export interface ComplainedOutcome extends MailOutcomeBase {
  readonly kind: 'complained';
}

/** The recipient wants no more mail, or none of one group. */
export interface UnsubscribedOutcome extends MailOutcomeBase {
  readonly kind: 'unsubscribed';

  /** The unsubscribe group; absent when it is all mail. */
  readonly groupId?: number;
}

/** Its images were loaded. */
export interface OpenedOutcome extends MailOutcomeBase {
  readonly kind: 'opened';

  /** Whether a machine did, which says nothing of the recipient. */
  readonly machine: boolean;
}

/** A link in it was followed. */
export interface ClickedOutcome extends MailOutcomeBase {
  readonly kind: 'clicked';
  readonly url?: string;
}

/** What became of a message for one recipient, told apart by `kind`. */
export type MailOutcome =
  | DeliveredOutcome
  | DeferredOutcome
  | UndeliveredOutcome
  | ComplainedOutcome
  | UnsubscribedOutcome
  | OpenedOutcome
  | ClickedOutcome;
