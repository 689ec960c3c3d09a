import { detectExtension, detectMimeType } from 'nodemailer/lib/mime-funcs';

import { isFields } from './header-entries.js';

/**
 * Gives a part with `path` or `href` the content type that nodemailer would
 * derive from it; as it will not see it, other parts come back as they are.
 */
export function typedPart(part: unknown): unknown {
  const location = locationOf(part);
  if (location === undefined || !isFields(part)) return part;
  const { contentType, filename } = part;
  const name = typeof filename === 'string' && filename ? filename : location;
  return { ...part, contentType: contentType || detectMimeType(name) };
}

/** Gives an attachment the file name too. */
export function namedPart(part: unknown): unknown {
  const typed = typedPart(part);
  const location = locationOf(part);
  if (location === undefined || !isFields(typed)) return part;
  const { contentType, filename } = typed;
  const name = lastOf(location);
  // nodemailer finds a name where there is none; false asks for none.
  if (filename || filename === false || name === '') return typed;
  if (typeof contentType !== 'string' || /^message\//i.test(contentType)) {
    return typed;
  }
  const extension = name.includes('.')
    ? ''
    : `.${detectExtension(contentType)}`;
  return { ...typed, filename: `${name}${extension}` };
}

function lastOf(location: string): string {
  return location.split(/[/\\]/).at(-1)?.split('?')[0] ?? '';
}

function locationOf(part: unknown): string | undefined {
  if (!isFields(part)) return undefined;
  const location = part['path'] || part['href'];
  return typeof location === 'string' && !location.startsWith('data:')
    ? location
    : undefined;
}
