/**
 * What every event may carry. Only `event` is certain; SendGrid documents
 * `email` and `timestamp` for every event of a message.
 *
 * Unique arguments (`customArgs`) are further fields beside these, which is why
 * any name may be read: the one of this package is `mail_id`.
 */
export interface SendGridEventBase {
  /** What happened. */
  readonly event: string;

  /** The recipient. */
  readonly email?: string;

  /** When it happened, in seconds since 1970. */
  readonly timestamp?: number;

  /** The event's own id: the same one when SendGrid posts the event again. */
  readonly sg_event_id?: string;

  /** The queued id, a dot, and more; may be empty or absent in late bounces. */
  readonly sg_message_id?: string;

  /** Categories: a list when the message had a list. */
  readonly category?: string | readonly string[];

  /** The correlation id of this package, see `SendReceipt.mailId`. */
  readonly mail_id?: string;

  readonly asm_group_id?: number;
  readonly marketing_campaign_id?: number | string;
  readonly marketing_campaign_name?: string;

  /** Unique arguments, and whatever else SendGrid adds. */
  readonly [field: string]: unknown;
}

/** What events on the way of a message to its recipient also carry. */
export interface SendGridTransitEvent extends SendGridEventBase {
  /** The Message-ID header of the message, in angle brackets. */
  readonly 'smtp-id'?: string;
}

/** SendGrid has taken a message and is about to deliver it. */
export interface SendGridProcessedEvent extends SendGridTransitEvent {
  readonly event: 'processed';
  readonly pool?: { readonly name?: string; readonly id?: number };
  readonly send_at?: number;
}

/** SendGrid does not try to deliver: `reason` says why. It costs a credit. */
export interface SendGridDroppedEvent extends SendGridTransitEvent {
  readonly event: 'dropped';

  /** `Bounced Address`, `Unsubscribed Address`, `Spam Reporting Address`, ... */
  readonly reason?: string;
  readonly status?: string;
}

/** The recipient's server refused for now; SendGrid tries for 72 hours. */
export interface SendGridDeferredEvent extends SendGridTransitEvent {
  readonly event: 'deferred';
  readonly response?: string;
  readonly reason?: string;

  /** How often it was tried, as text. */
  readonly attempt?: string;
  readonly ip?: string;
}

/** The recipient's server has taken the message. */
export interface SendGridDeliveredEvent extends SendGridTransitEvent {
  readonly event: 'delivered';
  readonly response?: string;
  readonly ip?: string;
  readonly tls?: number;
}

/** The recipient's server refused, for good (`bounce`) or this time (`blocked`). */
export interface SendGridBounceEvent extends SendGridTransitEvent {
  readonly event: 'bounce';
  readonly type?: 'bounce' | 'blocked';
  readonly reason?: string;

  /** The enhanced status code; missing where there was no reply. */
  readonly status?: string;

  /** SendGrid's class of the reason, such as `Invalid Address`. */
  readonly bounce_classification?: string;
  readonly ip?: string;
  readonly tls?: number;
}

/** The recipient, or a machine, has loaded the message's images. */
export interface SendGridOpenEvent extends SendGridEventBase {
  readonly event: 'open';
  readonly useragent?: string;
  readonly ip?: string;

  /** Whether Apple's Mail Privacy Protection opened it, rather than a person. */
  readonly sg_machine_open?: boolean;

  /** `html` or `amp`. */
  readonly sg_content_type?: string;
}

/** A link was followed. */
export interface SendGridClickEvent extends SendGridEventBase {
  readonly event: 'click';
  readonly url?: string;
  readonly url_offset?: { readonly index?: number; readonly type?: string };
  readonly useragent?: string;
  readonly ip?: string;
  readonly sg_content_type?: string;
}

/** The recipient has reported the message as spam. */
export interface SendGridSpamReportEvent extends SendGridEventBase {
  readonly event: 'spamreport';
}

/** The recipient wants no mail of the account any more. */
export interface SendGridUnsubscribeEvent extends SendGridEventBase {
  readonly event: 'unsubscribe';
}

/** The recipient wants no mail of one unsubscribe group any more. */
export interface SendGridGroupUnsubscribeEvent extends SendGridEventBase {
  readonly event: 'group_unsubscribe';
  readonly useragent?: string;
  readonly ip?: string;
  readonly url?: string;
}

/** The recipient wants mail of one unsubscribe group again. */
export interface SendGridGroupResubscribeEvent extends SendGridEventBase {
  readonly event: 'group_resubscribe';
  readonly useragent?: string;
  readonly ip?: string;
  readonly url?: string;
}

/** SendGrid has changed the state of the account; what it carries is not documented. */
export interface SendGridAccountStatusChangeEvent extends SendGridEventBase {
  readonly event: 'account_status_change';
}

/** Every event that SendGrid documents, told apart by `event`. */
export type SendGridEvent =
  | SendGridProcessedEvent
  | SendGridDroppedEvent
  | SendGridDeferredEvent
  | SendGridDeliveredEvent
  | SendGridBounceEvent
  | SendGridOpenEvent
  | SendGridClickEvent
  | SendGridSpamReportEvent
  | SendGridUnsubscribeEvent
  | SendGridGroupUnsubscribeEvent
  | SendGridGroupResubscribeEvent
  | SendGridAccountStatusChangeEvent;

/** Names of the events that SendGrid documents. */
export type SendGridEventName = SendGridEvent['event'];

/** The event of that name; one that is not documented has any field. */
export type SendGridEventOf<Name extends string> =
  Name extends SendGridEventName
    ? Extract<SendGridEvent, { readonly event: Name }>
    : SendGridEventBase;

const DOCUMENTED: Readonly<Record<SendGridEventName, true>> = {
  processed: true,
  dropped: true,
  deferred: true,
  delivered: true,
  bounce: true,
  open: true,
  click: true,
  spamreport: true,
  unsubscribe: true,
  group_unsubscribe: true,
  group_resubscribe: true,
  account_status_change: true,
};

/** Tells whether an event is one that SendGrid documents. */
export function isSendGridEvent(
  event: SendGridEventBase,
): event is SendGridEvent {
  return Object.hasOwn(DOCUMENTED, event.event);
}
