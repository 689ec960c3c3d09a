import { admitHeaders } from './admit-headers.js';
import type { ContentAccess } from './content-access.js';
import { isFields, type Fields } from './header-entries.js';
import { invalidMessage } from './invalid-message.js';
import {
  isDataUri,
  LOCATION_FIELDS,
  locatedContent,
} from './located-content.js';
import { namedPart, typedPart } from './named-part.js';

const TEXT_FIELDS = [
  'contentType',
  'contentDisposition',
  'contentTransferEncoding',
  'filename',
  'cid',
  'encoding',
  'method',
] as const;

/**
 * Checks a field that takes content or a part (`text`, `html`, `icalEvent`,
 * ...) and returns it; a part comes back as a copy.
 *
 * @throws MailError `INVALID_MESSAGE` for files and URLs that may not be read,
 * and values that are no content
 */
export function admitTextField(
  value: unknown,
  field: string,
  access: ContentAccess,
): unknown {
  // nodemailer would take the path of a file's stream for what it shall read.
  if (isStream(value)) return { content: value };
  if (!value || isContent(value)) return value;
  const part = admitPart(value, field, access);
  if (part['content'] || part['raw'] || part['path'] || part['href']) {
    return part;
  }
  // nodemailer would take a part with empty content for the content itself.
  if (part['content'] === '') return '';
  throw notContent(field);
}

/** Checks `attachments` and returns copies of the parts. */
export function admitAttachments(
  value: unknown,
  field: string,
  access: ContentAccess,
): unknown {
  if (!value) return value;
  return listOf(value).map((part, i) =>
    admitPart(namedPart(part), `${field}[${i}]`, access),
  );
}

/** Checks `alternatives` and returns copies of the parts. */
export function admitAlternatives(
  value: unknown,
  field: string,
  access: ContentAccess,
): unknown {
  if (!value) return value;
  return listOf(value).map((part, i) =>
    admitPart(typedPart(part), `${field}[${i}]`, access),
  );
}

/** Checks content that may not be a part, as `raw`, and returns it. */
export function admitContent(
  value: unknown,
  field: string,
  access: ContentAccess,
): unknown {
  if (!value || isContent(value)) return value;
  const open = isFields(value)
    ? locatedContent(value, field, access)
    : undefined;
  if (open !== undefined) return open;
  throw notContent(field);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function admitPart(
  value: unknown,
  field: string,
  access: ContentAccess,
): Fields {
  if (!isFields(value) || isContent(value)) {
    throw invalidMessage(
      `\`${field}\` must be an object with its content in \`content\`.`,
    );
  }
  const part = { ...value };
  if (!isDataUri(part)) locate(part, field, access);
  for (const name of ['content', 'raw']) {
    if (part[name]) {
      part[name] = admitContent(part[name], `${field}.${name}`, access);
    }
  }
  for (const name of TEXT_FIELDS) admitText(part[name], `${field}.${name}`);
  admitEncoding(part['encoding'], `${field}.encoding`);
  if (part['headers']) {
    part['headers'] = admitHeaders(part['headers'], `${field}.headers`);
  }
  return part;
}

/** Puts what opens it in the place of a path or URL, which nodemailer shall not see. */
function locate(part: Fields, field: string, access: ContentAccess): void {
  const open = locatedContent(part, field, access);
  if (open === undefined) return;
  part['content'] = open;
  for (const name of LOCATION_FIELDS) delete part[name];
}

function isContent(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'function' ||
    value instanceof Uint8Array ||
    isStream(value)
  );
}

function isStream(value: unknown): boolean {
  return isFields(value) && typeof value['pipe'] === 'function';
}

function admitText(value: unknown, field: string): void {
  if (!value || typeof value === 'string') return;
  throw invalidMessage(`\`${field}\` must be a string.`);
}

function admitEncoding(value: unknown, field: string): void {
  if (typeof value !== 'string' || value === '') return;
  const name = value.toLowerCase().replace(/[-_\s]/g, '');
  if (name === 'usascii' || Buffer.isEncoding(name)) return;
  throw invalidMessage(
    `\`${field}\` must be an encoding of Node's Buffer, for example base64.`,
  );
}

function notContent(field: string): Error {
  return invalidMessage(
    `\`${field}\` must be a string, a Buffer, a stream, or a function that ` +
      'opens a stream.',
  );
}
