import { MailError } from '../errors/mail-error.js';

const LINE_BREAKERS = /[\r\n\0]/;

const NOT_IN_PATHS = /[^\x21-\x7e]|[<>]/;

/**
 * Ends a command line. Every command is made in this file, and none with a
 * line break in it, whatever the layers above let through.
 */
export function commandLine(command: string): string {
  if (LINE_BREAKERS.test(command)) {
    throw new MailError(
      'INVALID_MESSAGE',
      'An SMTP command would hold a line break or NUL, so it was not sent. Remove control characters from the addresses.',
    );
  }
  return `${command}\r\n`;
}

/** Starts a transaction; `parameters` are this library's own words. */
export function mailCommand(from: string, parameters: string): string {
  return `MAIL FROM:${path(from)}${parameters}\r\n`;
}

/** Names one recipient. */
export function rcptCommand(address: string): string {
  return `RCPT TO:${path(address)}\r\n`;
}

/** An address between angle brackets, as MAIL and RCPT take it. */
export function path(address: string): string {
  if (NOT_IN_PATHS.test(address)) {
    throw new MailError(
      'INVALID_MESSAGE',
      'An envelope address holds a character that SMTP cannot carry (white space, control, non-ASCII, or an angle bracket). Correct the address.',
    );
  }
  return `<${address}>`;
}
