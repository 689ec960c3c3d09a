import { MailError, isMailError } from '../errors/mail-error.js';

const EXCERPT_LENGTH = 32;

/** Makes the error for a message that cannot be sent as it is. */
export function invalidMessage(
  message: string,
  details: { cause?: unknown } = {},
): MailError {
  return new MailError('INVALID_MESSAGE', message, details);
}

/** A short printable piece of a value, for error messages. Never shows a key. */
export function excerpt(value: string): string {
  const printable = value
    .slice(0, 4 * EXCERPT_LENGTH)
    .replace(/SG\.[\w.-]*/g, '[redacted]')
    // Controls, and what is invisible or turns the direction of text.
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
  return printable.length > EXCERPT_LENGTH
    ? `"${printable.slice(0, EXCERPT_LENGTH)}..."`
    : `"${printable}"`;
}

/** The refusal of content that would be read from a file. */
export function fileRefused(field: string): MailError {
  return invalidMessage(
    `\`${field}\` points to a file. Reading files is off; the option ` +
      '`attachments.allowFiles` will allow it. Pass the content itself, a ' +
      'stream, or a function that opens one.',
  );
}

/** The refusal of content that would be fetched from a URL. */
export function urlRefused(field: string): MailError {
  return invalidMessage(
    `\`${field}\` points to a URL. Fetching URLs is off; the option ` +
      '`attachments.allowUrls` will allow it. Pass the content itself, a ' +
      'stream, or a function that opens one.',
  );
}

/**
 * Turns whatever composing failed with into a `MailError`; one that is a
 * `MailError` already comes back as it is.
 */
export function asInvalidMessage(error: unknown): MailError {
  if (isMailError(error)) return error;
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EFILEACCESS') return fileRefused('content');
  if (code === 'EURLACCESS') return urlRefused('content');
  if (code === 'EMAXRECIPIENTS') {
    return invalidMessage(
      'The message has more recipients than `maxRecipients` allows.',
      { cause: error },
    );
  }
  return invalidMessage(
    'The message could not be composed: a content stream failed or was used ' +
      'before, or a field has a value of a wrong kind. See `cause`.',
    { cause: error },
  );
}
