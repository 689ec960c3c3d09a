import { admitHeaders } from './admit-headers.js';
import { isFields, type Fields } from './header-entries.js';
import { fileRefused, invalidMessage, urlRefused } from './invalid-message.js';

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
 * @throws MailError `INVALID_MESSAGE` for files, URLs, and values that are no
 * content
 */
export function admitTextField(value: unknown, field: string): unknown {
  if (!value || isContent(value)) return value;
  const part = admitPart(value, field);
  if (part['content'] || part['raw'] || part['path'] || part['href']) {
    return part;
  }
  // nodemailer would take a part with empty content for the content itself.
  if (part['content'] === '') return '';
  throw notContent(field);
}

/** Checks `attachments` or `alternatives` and returns copies of the parts. */
export function admitParts(value: unknown, field: string): unknown {
  if (!value) return value;
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  return parts.map((part, i) => admitPart(part, `${field}[${i}]`));
}

/** Checks content that may not be a part, as `raw`. */
export function admitContent(value: unknown, field: string): void {
  if (!value || isContent(value)) return;
  if (isFields(value)) refuseLocation(value, field);
  throw notContent(field);
}

function admitPart(value: unknown, field: string): Fields {
  if (!isFields(value) || isContent(value)) {
    throw invalidMessage(
      `\`${field}\` must be an object with its content in \`content\`.`,
    );
  }
  const part = { ...value };
  if (!isDataUri(part['path'] || part['href'])) refuseLocation(part, field);
  admitContent(part['content'], `${field}.content`);
  admitContent(part['raw'], `${field}.raw`);
  for (const name of TEXT_FIELDS) admitText(part[name], `${field}.${name}`);
  admitEncoding(part['encoding'], `${field}.encoding`);
  if (part['headers']) {
    part['headers'] = admitHeaders(part['headers'], `${field}.headers`);
  }
  return part;
}

function refuseLocation(value: Fields, field: string): void {
  const { path, href } = value;
  if (href) throw urlRefused(`${field}.href`);
  if (!path) return;
  if (typeof path === 'string' && /^\s*https?:/i.test(path)) {
    throw urlRefused(`${field}.path`);
  }
  throw fileRefused(`${field}.path`);
}

function isDataUri(value: unknown): boolean {
  // Lower case only: nodemailer takes other spellings for a file.
  return typeof value === 'string' && value.startsWith('data:');
}

function isContent(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'function' ||
    value instanceof Uint8Array ||
    (isFields(value) && typeof value['pipe'] === 'function')
  );
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
