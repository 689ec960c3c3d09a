import { invalidMailboxOptions } from '../options/resolve-mailbox-options.js';
import type { ReadMail } from './read-mail.js';

/** Reads a message in wire format. */
export type Reader = (raw: Buffer) => Promise<ReadMail>;

/**
 * Loads what reads messages, and with it postal-mime: an optional peer that
 * only those need who start a mailbox.
 *
 * @throws InvalidOptionsError when postal-mime is not installed
 */
export async function loadReader(): Promise<Reader> {
  try {
    const { readMail } = await import('./read-mail.js');
    return readMail;
  } catch (cause) {
    const problem =
      'needs the package postal-mime, which could not be loaded. Run: npm install --save-dev postal-mime';
    const error = invalidMailboxOptions([{ option: 'MailboxModule', problem }]);
    error.cause = cause;
    throw error;
  }
}
