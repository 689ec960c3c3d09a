import type { SendMailOptions } from 'nodemailer';

import { prepareDataUrls } from './data-urls.js';
import {
  headerEntries,
  headerName,
  isFields,
  type Fields,
  type HeaderEntry,
} from './header-entries.js';
import { invalidMessage } from './invalid-message.js';
import type { MailMessage } from './mail-message.js';

/**
 * Lays a message over the defaults, field by field, and one level deep in
 * `sendgrid` and in `headers`, where names are compared without regard to case.
 *
 * `undefined` counts as absent; `null`, of a field or of a header, removes the
 * default. Lists and Buffers replace, they are never joined or copied. The
 * result is a new object; neither argument is changed.
 *
 * @throws MailError `INVALID_MESSAGE` when the message is no object, its
 * headers have no known form, or `attachDataUrls` meets a function as `html`
 */
export function mergeDefaults(
  defaults: SendMailOptions | MailMessage,
  message: MailMessage,
): SendMailOptions {
  if (!isFields(message)) {
    throw invalidMessage('The message must be an object with its fields.');
  }
  const merged: Fields = {};
  for (const source of [defaults, message] as const) {
    for (const field of Object.keys(source)) {
      const value: unknown = Reflect.get(source, field);
      if (value !== undefined && field !== '__proto__') merged[field] = value;
    }
  }
  for (const field of Object.keys(merged)) {
    if (merged[field] === null) delete merged[field];
  }
  if (isFields(merged['sendgrid'])) {
    const inherited: unknown = Reflect.get(defaults, 'sendgrid');
    merged['sendgrid'] = mergeSendGrid(inherited, message['sendgrid']);
  }
  if (merged['headers'] !== undefined) {
    merged['headers'] = mergeHeaders(defaults.headers, message['headers']);
  }
  // Admission turns the wider address and content forms into nodemailer's before it reads them.
  prepareDataUrls(merged);
  return merged;
}

function mergeSendGrid(defaults: unknown, message: unknown): unknown {
  const fields: [string, unknown][] = [];
  for (const source of [defaults, message]) {
    if (isFields(source)) fields.push(...Object.entries(source));
  }
  const present = fields.filter(([, value]) => value !== undefined);
  const merged = Object.entries(Object.fromEntries(present));
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}

function mergeHeaders(defaults: unknown, message: unknown): unknown {
  const own = presentEntries(message);
  const ownNames = new Set(own.map(({ key }) => headerName(key)));
  const inherited = presentEntries(defaults).filter(
    ({ key }) => !ownNames.has(headerName(key)),
  );
  const entries = [...inherited, ...own].filter(({ value }) => value !== null);
  // Only a list can repeat a name, and only an object keeps plugins that write by name working.
  return [defaults, message].some(isList)
    ? entries
    : Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

function presentEntries(headers: unknown): HeaderEntry[] {
  return headerEntries(headers, 'headers').filter(
    ({ key, value }) => value !== undefined && key !== '__proto__',
  );
}

function isList(headers: unknown): boolean {
  return Array.isArray(headers);
}
