import { admitAddresses } from './admit-addresses.js';
import {
  ADDRESS_HEADERS,
  headerEntries,
  headerName,
  isFields,
  isSingleHeader,
  type Fields,
  type HeaderEntry,
} from './header-entries.js';
import { excerpt, invalidMessage } from './invalid-message.js';

/**
 * Checks headers in any of nodemailer's forms and returns a copy in the same
 * form, with addresses normalised.
 *
 * @throws MailError `INVALID_MESSAGE` for an X-SMTPAPI header in any spelling,
 * for a prepared value with a line break that is not a fold, and for what
 * `admitAddresses` refuses
 */
export function admitHeaders(headers: unknown, field: string): unknown {
  const entries = headerEntries(headers, field).map((entry) =>
    admitEntry(entry, field),
  );
  if (Array.isArray(headers)) return entries;
  if (isFields(headers) && isSingleHeader(headers)) return entries[0];
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/**
 * Checks one header value. Plain values need no check, nodemailer encodes
 * them; prepared ones are written as they are.
 */
export function admitHeaderValue(value: unknown, field: string): unknown {
  if (!Array.isArray(value)) return admitSingleValue(value, field);
  return value.map((item: unknown) => admitSingleValue(item, field));
}

function admitEntry({ key, value }: HeaderEntry, field: string): HeaderEntry {
  const name = headerName(key);
  const path = `${field}.${excerpt(key).slice(1, -1)}`;
  if (name === 'x-smtpapi') {
    throw invalidMessage(
      `\`${field}\` holds an X-SMTPAPI header, which could add recipients. ` +
        'It is refused; only this package may write it.',
    );
  }
  const admitted = ADDRESS_HEADERS.has(name)
    ? admitAddresses(value, path)
    : admitHeaderValue(value, path);
  return { key, value: admitted };
}

function admitSingleValue(value: unknown, field: string): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw wrongKind(field);
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) {
    return value;
  }
  if (!isFields(value) || !('value' in value)) throw wrongKind(field);
  return admitValueObject(value, field);
}

function admitValueObject(value: Fields, field: string): Fields {
  const copy = { ...value, value: valueText(value['value'], field) };
  if (value['prepared'] && hasLooseBreak(copy.value)) {
    throw invalidMessage(
      `The prepared header \`${field}\` holds a line break or NUL that is ` +
        'not a fold. A fold is CRLF, a space or tab, and text.',
    );
  }
  return copy;
}

function valueText(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw wrongKind(field);
}

function hasLooseBreak(value: string): boolean {
  return /[\r\n\0]/.test(value.replace(/\r\n[ \t]+(?=[^\s\0])/g, ''));
}

function wrongKind(field: string): Error {
  return invalidMessage(
    `The header \`${field}\` must be a string, a number, a date, ` +
      '`{ prepared, value }` with a string as `value`, or a list of these.',
  );
}
