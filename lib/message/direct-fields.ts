import { headerName, isFields, isSingleHeader } from './header-entries.js';

/**
 * The fields of a message that can be composed without a MIME tree. Addresses
 * and `sendgrid` may have any value here; they are checked later.
 */
export interface DirectFields {
  from?: unknown;
  sender?: unknown;
  to?: unknown;
  cc?: unknown;
  bcc?: unknown;
  replyTo?: unknown;
  subject?: string;
  text?: string;
  html?: string;
  headers?: Readonly<Record<string, string>>;
  messageId?: string;
  baseBoundary?: string;
  date?: Date | string;
  inReplyTo?: string;
  references?: string | string[];
  priority?: string;
  sendgrid?: unknown;
}

// Whatever is not listed here, or has another shape, takes the tree.
const SHAPES: Readonly<
  Record<keyof DirectFields, (value: unknown) => boolean>
> = {
  from: isAnything,
  sender: isAnything,
  to: isAnything,
  cc: isAnything,
  bcc: isAnything,
  replyTo: isAnything,
  subject: isString,
  text: isString,
  html: isString,
  headers: areOrdinaryHeaders,
  messageId: isString,
  baseBoundary: isShortWord,
  date: isDate,
  inReplyTo: isString,
  references: areStrings,
  priority: isString,
  sendgrid: isAnything,
};

const SHAPE_OF = new Map<string, (value: unknown) => boolean>(
  Object.entries(SHAPES),
);

// Headers that nodemailer writes, moves or reads itself.
const STRUCTURED =
  /^(?:from|sender|to|b?cc|reply-to|in-reply-to|references|subject|message-id|date|importance|mime-version|x-(?:msmail-)?priority|content-.*)?$/;

/** Tells whether the message has only fields of {@link DirectFields}. */
export function hasDirectFields(data: object): data is DirectFields {
  for (const field of Object.keys(data)) {
    const value: unknown = Reflect.get(data, field);
    if (SHAPE_OF.get(field)?.(value) !== true) return false;
  }
  return true;
}

function isAnything(): boolean {
  return true;
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function areStrings(value: unknown): boolean {
  return isString(value) || (Array.isArray(value) && value.every(isString));
}

function isDate(value: unknown): boolean {
  return isString(value) || value instanceof Date;
}

// Longer ones, and others, would need RFC 2231 or quoting.
function isShortWord(value: unknown): boolean {
  return typeof value === 'string' && /^[\w-]{0,50}$/.test(value);
}

function areOrdinaryHeaders(value: unknown): boolean {
  if (!isFields(value) || isSingleHeader(value)) return false;
  return Object.entries(value).every(
    ([name, text]) => isString(text) && !STRUCTURED.test(headerName(name)),
  );
}
