import { invalidMessage } from './invalid-message.js';

/** Names of the headers that hold addresses, in lower case. */
export const ADDRESS_HEADERS: ReadonlySet<string> = new Set([
  'from',
  'sender',
  'to',
  'cc',
  'bcc',
  'reply-to',
]);

/** One header as a name and the value given for it. */
export interface HeaderEntry {
  readonly key: string;
  readonly value: unknown;
}

/** Any object, read by its keys. */
export type Fields = Record<string, unknown>;

/** Tells whether a value is an object that is not a list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A header name as nodemailer will write it, in lower case: it drops white
 * space, control characters and colons.
 */
export function headerName(key: string): string {
  // oxlint-disable-next-line no-control-regex -- exactly the characters that nodemailer drops
  return key.replace(/[\s\x00-\x20\x7f:]/g, '').toLowerCase();
}

/** Tells whether headers are nodemailer's single `{ key, value }` form. */
export function isSingleHeader(headers: Fields): boolean {
  return Boolean(headers['key'] && headers['value']);
}

/**
 * Reads headers in any of nodemailer's forms: an object by name, one
 * `{ key, value }`, or a list of these.
 *
 * @throws MailError `INVALID_MESSAGE` when they are in none of these forms
 */
export function headerEntries(headers: unknown, field: string): HeaderEntry[] {
  if (headers === undefined || headers === null) return [];
  if (Array.isArray(headers)) {
    return headers.map((item: unknown, i) =>
      singleEntry(item, `${field}[${i}]`),
    );
  }
  if (!isFields(headers)) {
    throw invalidMessage(
      `\`${field}\` must be an object by header name, or a list of ` +
        '`{ key, value }`.',
    );
  }
  if (isSingleHeader(headers)) return [singleEntry(headers, field)];
  return Object.keys(headers).map((key) => ({ key, value: headers[key] }));
}

function singleEntry(item: unknown, field: string): HeaderEntry {
  const key = isFields(item) ? item['key'] : undefined;
  if (!isFields(item) || typeof key !== 'string') {
    throw invalidMessage(
      `\`${field}\` must be \`{ key, value }\` with a string as \`key\`.`,
    );
  }
  return { key, value: item['value'] };
}
