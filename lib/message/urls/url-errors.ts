import type { MailError } from '../../errors/mail-error.js';
import { invalidMessage } from '../invalid-message.js';

/** A URL as a message names it. */
export interface NamedUrl {
  readonly url: URL;

  /** The field of the message, for errors. */
  readonly field: string;
}

/**
 * Content could not be fetched. Names field and host, never the rest of the
 * URL, which may hold a signature.
 */
export function fetchFailed(
  { url, field }: NamedUrl,
  reason: string,
  details: { cause?: unknown; retryable?: boolean } = {},
): MailError {
  return invalidMessage(
    `\`${field}\` could not be fetched from ${url.host}: ${reason}.`,
    details,
  );
}
