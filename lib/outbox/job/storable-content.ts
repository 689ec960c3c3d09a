import type {
  MailAlternative,
  MailAttachment,
  MailCalendarEvent,
} from '../../message/mail-message.js';
import {
  byName,
  type Copy,
  copyValue,
  eachOf,
  hasFields,
} from './copy-value.js';
import { locationRefused, unknownField } from './not-storable.js';
import { copyHeaders } from './storable-headers.js';

/** Copies content that is no part: text or bytes. */
export const copyContent: Copy = (value, at, depth) => {
  if (hasFields(value)) throw contentRefused(value, at);
  return copyValue(value, at, depth);
};

const copyPart = byName({
  content: copyContent,
  raw: copyContent,
  path: copyLocation,
  href: copyLocation,
  headers: copyHeaders,
  encoding: copyValue,
  contentType: copyValue,
  contentTransferEncoding: copyValue,
  contentDisposition: copyValue,
  filename: copyValue,
  cid: copyValue,
  method: copyValue,
} satisfies Record<
  keyof MailAttachment | keyof MailAlternative | keyof MailCalendarEvent,
  Copy
>);

/** Copies content, or a part that holds it. */
export const copyText: Copy = (value, at, depth) =>
  hasFields(value) ? copyPart(value, at, depth) : copyContent(value, at, depth);

/** Copies parts. */
export const copyParts: Copy = eachOf(copyPart);

function copyLocation(value: unknown, at: string, depth: number): unknown {
  // What is empty locates nothing, and lower case only is no file to nodemailer.
  if (!value || (typeof value === 'string' && value.startsWith('data:'))) {
    return copyValue(value, at, depth);
  }
  throw locationRefused(at);
}

function contentRefused(value: object, at: string): Error {
  const located = 'path' in value ? 'path' : 'href';
  return located in value
    ? locationRefused(`${at}.${located}`)
    : unknownField(at);
}
