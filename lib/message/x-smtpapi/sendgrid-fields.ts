/** A UNIX time in seconds, or a date, whose milliseconds are cut off. */
export type SendGridTime = number | Date;

/** Unsubscribe groups; SendGrid calls them ASM or suppression groups. */
export interface SendGridAsm {
  /** The group that the message belongs to. */
  readonly groupId: number;

  /** The groups on the page of preferences, at most 25. */
  readonly groupsToDisplay?: readonly number[] | undefined;
}

/** Rewrites links, so that clicks become events. */
export interface SendGridClickTracking {
  readonly enable: boolean;

  /**
   * Also in the plain text.
   *
   * @defaultValue `false`
   */
  readonly enableText?: boolean | undefined;
}

/** Adds a pixel to the HTML, so that opens become events. */
export interface SendGridOpenTracking {
  readonly enable: boolean;

  /** What in the HTML the pixel takes the place of, instead of its end. */
  readonly substitutionTag?: string | undefined;
}

/**
 * Adds a link to unsubscribe. When on, `text` and `html` are both required,
 * with `<% %>` where the link goes, or `substitutionTag` is.
 */
export interface SendGridSubscriptionTracking {
  readonly enable: boolean;

  /** What the plain text ends with. */
  readonly text?: string | undefined;

  /** What the HTML ends with. */
  readonly html?: string | undefined;

  /** What in the content the link takes the place of; wins over the others. */
  readonly substitutionTag?: string | undefined;
}

/** Adds Google Analytics parameters to links. When on, all five are required. */
export interface SendGridGanalytics {
  readonly enable: boolean;
  readonly utmSource?: string | undefined;
  readonly utmMedium?: string | undefined;
  readonly utmTerm?: string | undefined;
  readonly utmContent?: string | undefined;
  readonly utmCampaign?: string | undefined;
}

/** How SendGrid tracks a message; what is left out is as the account has it. */
export interface SendGridTrackingSettings {
  readonly clickTracking?: SendGridClickTracking | undefined;
  readonly openTracking?: SendGridOpenTracking | undefined;
  readonly subscriptionTracking?: SendGridSubscriptionTracking | undefined;
  readonly ganalytics?: SendGridGanalytics | undefined;
}

/** What the content ends with. When on, `text` and `html` are both required. */
export interface SendGridFooter {
  readonly enable: boolean;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
}

/** How SendGrid treats a message; what is left out is as the account has it. */
export interface SendGridMailSettings {
  readonly footer?: SendGridFooter | undefined;

  /**
   * Delivers in spite of unsubscribes, bounces and spam reports: for mail that
   * must arrive, such as a password reset.
   */
  readonly bypassListManagement?: { readonly enable: boolean } | undefined;
}

/** One of SendGrid's filters under its own names; on and off are 1 and 0. */
export interface SendGridFilter {
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/**
 * What SendGrid does with a message, named as `@sendgrid/mail` names it and
 * sent in one X-SMTPAPI header. SendGrid answers a header that it cannot use
 * with 250 and drops the message afterwards, so every documented limit is
 * checked before anything is sent; `docs/x-smtpapi.md` lists them.
 *
 * A field that is `undefined` is absent; `null` also removes the default of
 * that field.
 */
export interface SendGridFields {
  /** At most 10, of 1 to 255 characters. */
  readonly categories?: string | readonly string[] | null | undefined;

  /**
   * Comes back with every event (SendGrid: unique arguments), as strings. At
   * most 10,000 bytes of JSON; names of SendGrid's own event fields are
   * refused. SendGrid's staff can read them, and they cannot be deleted: put
   * no personal data here.
   */
  readonly customArgs?:
    Readonly<Record<string, string | number | boolean>> | null | undefined;

  /** When to deliver: at most 72 hours ahead. */
  readonly sendAt?: SendGridTime | null | undefined;

  /**
   * When to deliver to each of the message's `to`, instead of `sendAt`. Each
   * of them gets a message of its own: see `substitutions`.
   */
  readonly sendEachAt?: readonly SendGridTime[] | null | undefined;

  /** From `POST /v3/mail/batch`, to cancel or pause what is scheduled. */
  readonly batchId?: string | null | undefined;

  readonly asm?: SendGridAsm | null | undefined;

  /** The pool of IP addresses to send from: 2 to 64 characters. */
  readonly ipPoolName?: string | null | undefined;

  readonly trackingSettings?: SendGridTrackingSettings | null | undefined;
  readonly mailSettings?: SendGridMailSettings | null | undefined;

  /**
   * A legacy template. Dynamic ones (`d-...`) are refused: SendGrid takes them
   * over its HTTP API only.
   */
  readonly templateId?: string | null | undefined;

  /**
   * Tags in the subject, the content and the custom arguments, each with the
   * text that replaces it: a list with one for each of the message's `to`, or
   * one for all. At most 10,000 bytes of JSON for each of them.
   *
   * With a list, or with `sendEachAt`, each of `to` (at most 10,000) gets a
   * message of its own, in which the others are not named; `cc`, `bcc` and
   * `envelope` are refused then. With no list, the message must have exactly
   * one recipient.
   */
  readonly substitutions?:
    Readonly<Record<string, string | readonly string[]>> | null | undefined;

  /**
   * SendGrid's filters that have no field here, under its own names, as in
   * `{ dkim: { settings: { domain: 'shop.example', use_from: 0 } } }`.
   */
  readonly filters?:
    Readonly<Record<string, SendGridFilter>> | null | undefined;
}
