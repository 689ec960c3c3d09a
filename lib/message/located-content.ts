import type { Readable } from 'node:stream';

import type { ContentAccess } from './content-access.js';
import type { Fields } from './header-entries.js';
import { invalidMessage } from './invalid-message.js';

/** The fields that say where content is, and how nodemailer would fetch it. */
export const LOCATION_FIELDS = ['path', 'href', 'httpHeaders', 'tls'] as const;

/**
 * What opens the content that `path` or `href` point to; undefined when
 * neither is given.
 *
 * @throws MailError `INVALID_MESSAGE` when it may not be read
 */
export function locatedContent(
  fields: Fields,
  field: string,
  access: ContentAccess,
): (() => Readable) | undefined {
  const { path, href } = fields;
  if (path && href) {
    throw invalidMessage(
      `\`${field}\` has both \`path\` and \`href\`. Give one of them.`,
    );
  }
  if (path && !isUrl(path)) return access.file(path, `${field}.path`);
  if (!path && !href) return undefined;
  const open = access.url(path || href, `${field}.${path ? 'path' : 'href'}`);
  refuseSettings(fields, field);
  return open;
}

/** Tells whether nodemailer decodes a location itself. */
export function isDataUri({ path, href }: Fields): boolean {
  // Lower case only: nodemailer takes other spellings for a file.
  const location = path || href;
  return typeof location === 'string' && location.startsWith('data:');
}

function isUrl(path: unknown): boolean {
  return typeof path === 'string' && /^\s*https?:/i.test(path);
}

/** Dropped in silence they would be missed, and `tls` could switch checks off. */
function refuseSettings(fields: Fields, field: string): void {
  const given = LOCATION_FIELDS.slice(2).find((name) => fields[name]);
  if (given === undefined) return;
  throw invalidMessage(
    `\`${field}.${given}\` is not supported: URLs are fetched without ` +
      'settings of the message. Fetch it yourself, and pass a function that ' +
      'opens the stream.',
  );
}
