import type { Readable } from 'node:stream';

import type {
  Attachment,
  AttachmentLike,
  IcalAttachment,
  SendMailOptions,
} from 'nodemailer';

import type { SendGridFields } from './x-smtpapi/sendgrid-fields.js';

/** One mailbox, under nodemailer's name for the address or under SendGrid's. */
export type Mailbox =
  | { readonly name?: string | undefined; readonly address: string }
  | { readonly name?: string | undefined; readonly email: string };

/** A named group of mailboxes (RFC 5322, 3.4). */
export interface MailGroup {
  readonly name: string;
  readonly group: readonly MailAddress[];
}

/**
 * Addresses as every address field takes them: `'Ann <ann@shop.example>'`,
 * `{ name, address }`, `{ name, email }`, a group, or a list of these, nested
 * lists included. CR, LF and NUL are refused in addresses.
 */
export type MailAddress = string | Mailbox | MailGroup | readonly MailAddress[];

/**
 * Content held in memory, a stream, or a function that opens a stream.
 *
 * A stream can be read once. A function is called anew for every attempt to
 * deliver, so large content given as a function survives a lost connection.
 */
export type MailContent = string | Buffer | Readable | (() => Readable);

/** What the envelope holds when it should differ from the headers. */
export interface MailEnvelope {
  readonly from?: MailAddress | undefined;
  readonly to?: MailAddress | undefined;
  readonly cc?: MailAddress | undefined;
  readonly bcc?: MailAddress | undefined;
}

/** A header value that is written as it is; it may break lines only by folds. */
export interface PreparedHeader {
  readonly value: string;
  readonly prepared?: boolean | undefined;
  readonly foldLines?: boolean | undefined;
}

/** What a header can hold. A list writes the header once per item. */
export type MailHeaderValue =
  | string
  | number
  | boolean
  | Date
  | Mailbox
  | MailGroup
  | PreparedHeader
  | readonly MailHeaderValue[]
  | null
  | undefined;

/** One header by its name. */
export interface MailHeader {
  readonly key: string;
  readonly value: MailHeaderValue;
}

/** Headers by name, one header, or a list of headers. */
export type MailHeaders =
  | Readonly<Record<string, MailHeaderValue>>
  | MailHeader
  | readonly MailHeader[];

/** What every part of a message may hold. */
export interface MailPart {
  /** The content itself. */
  content?: MailContent | undefined;

  /** A whole MIME part, headers included, used as it is. */
  raw?: MailContent | undefined;

  /**
   * The content as a file of the directory `attachments.allowFiles`, relative
   * to it or absolute; or as a data URI, or as `href` takes it.
   */
  path?: string | false | undefined;

  /** The content as a URL of a host that `attachments.allowUrls` lists. */
  href?: string | false | undefined;

  /** Further headers of the part. */
  headers?: MailHeaders | undefined;
}

// URLs are fetched without settings of the message: no `httpHeaders`, no `tls`.

/** An attachment. `cid` embeds it in the HTML. */
export type MailAttachment = Omit<
  Attachment,
  keyof MailPart | 'httpHeaders' | 'tls'
> &
  MailPart;

/** A further representation of the text. */
export type MailAlternative = Omit<
  AttachmentLike,
  keyof MailPart | 'httpHeaders' | 'tls'
> &
  MailPart;

/** A calendar event. */
export type MailCalendarEvent = Omit<
  IcalAttachment,
  keyof MailPart | 'httpHeaders' | 'tls'
> &
  MailPart;

type Own<T> = { [K in keyof T]?: T[K] | null | undefined };

type Replaced =
  | 'from'
  | 'sender'
  | 'to'
  | 'cc'
  | 'bcc'
  | 'replyTo'
  | 'envelope'
  | 'headers'
  | 'text'
  | 'html'
  | 'watchHtml'
  | 'amp'
  | 'raw'
  | 'icalEvent'
  | 'attachments'
  | 'alternatives';

// What belongs to other transports, or would weaken this one.
type NotOurs =
  | 'signal'
  | 'auth'
  | 'ses'
  | 'dsn'
  | 'requireTLSExtensionEnabled'
  | 'normalizeHeaderKey'
  | 'disableFileAccess'
  | 'disableUrlAccess'
  | '_dkim';

/**
 * A message: nodemailer's message fields, with `{ name, email }` addresses and
 * with functions that open streams as content.
 *
 * A field that is `undefined` is absent; `null` also removes the default of
 * that field.
 */
export interface MailMessage extends Own<
  Omit<SendMailOptions, Replaced | NotOurs>
> {
  /** Who the message is from. Required, if need be by the defaults. */
  from?: MailAddress | null | undefined;

  /** Who sent the message, when that is not `from`. */
  sender?: MailAddress | null | undefined;

  /** Recipients. */
  to?: MailAddress | null | undefined;

  /** Recipients of copies. */
  cc?: MailAddress | null | undefined;

  /** Recipients that the other ones do not see. */
  bcc?: MailAddress | null | undefined;

  /** Where replies go, when not to `from`. */
  replyTo?: MailAddress | null | undefined;

  /** Replaces the envelope made from the headers. */
  envelope?: MailEnvelope | null | undefined;

  /** Further headers. The fields of the message win over them. */
  headers?: MailHeaders | null | undefined;

  /** The message as plain text. */
  text?: MailContent | MailAlternative | null | undefined;

  /** The message as HTML. */
  html?: MailContent | MailAlternative | null | undefined;

  /** The message as HTML for Apple Watch. */
  watchHtml?: MailContent | MailAlternative | null | undefined;

  /** The message as AMP4EMAIL. */
  amp?: MailContent | MailAlternative | null | undefined;

  /** A whole message, headers included, used as it is. */
  raw?: MailContent | Pick<MailPart, 'path' | 'href'> | null | undefined;

  /** A calendar event; it goes out as an alternative and as an attachment. */
  icalEvent?: MailContent | MailCalendarEvent | null | undefined;

  /** Attachments, and images embedded in the HTML by `cid`. */
  attachments?: readonly MailAttachment[] | null | undefined;

  /** Further representations of the text. */
  alternatives?: readonly MailAlternative[] | null | undefined;

  /** What SendGrid does with the message, over its X-SMTPAPI header. */
  sendgrid?: SendGridFields | null | undefined;

  /**
   * Name of the template that gives what the message does not hold itself of
   * `subject`, `text`, `html` and `attachments`. Needs the option `templates`.
   */
  template?: string | null | undefined;

  /** What the template's variables are taken from. */
  context?: object | null | undefined;

  /** Language of the template, as BCP 47 writes it: `de`, `de-AT`. */
  locale?: string | null | undefined;
}
