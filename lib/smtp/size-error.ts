import { MailError } from '../errors/mail-error.js';

/** The relay takes no message of this size. */
export function sizeError(size: string, maxSize: number): MailError {
  return new MailError(
    'INVALID_MESSAGE',
    `The message has ${size} and the relay takes ${maxSize} at most. Send fewer or smaller attachments.`,
  );
}
