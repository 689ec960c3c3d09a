import type { AllowedUrls } from '../../options/allowed-urls.js';
import { excerpt, invalidMessage } from '../invalid-message.js';
import type { NamedUrl } from './url-errors.js';

/**
 * Checks a URL that a message, or a redirect, names.
 *
 * @param base - what a relative one starts from
 * @throws MailError `INVALID_MESSAGE` naming the field
 */
export function admitUrl(
  text: unknown,
  field: string,
  allowed: AllowedUrls,
  base?: URL,
): NamedUrl {
  if (typeof text !== 'string' || !URL.canParse(text, base?.href)) {
    throw invalidMessage(`\`${field}\` must be a URL, as a string.`);
  }
  const url = new URL(text, base);
  if (url.username !== '' || url.password !== '') {
    throw invalidMessage(
      `\`${field}\` holds a user name or password. They are never sent: ` +
        'fetch it yourself, and pass a function that opens the stream.',
    );
  }
  if (!allowed.matches(url)) throw notAllowed(field, url, base);
  return { url, field };
}

function notAllowed(
  field: string,
  { origin, protocol }: URL,
  base?: URL,
): Error {
  const place = origin === 'null' ? protocol : origin;
  const verb = base === undefined ? 'points to' : 'was redirected to';
  return invalidMessage(
    `\`${field}\` ${verb} ${excerpt(place)}, which \`attachments.allowUrls\` ` +
      'does not list (an entry stands for https unless it begins with ' +
      '"http://", and for one port).',
  );
}
