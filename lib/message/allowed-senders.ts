import addressparser from 'nodemailer/lib/addressparser';

import { MailError } from '../errors/mail-error.js';
import type { AddressPatterns } from '../options/address-patterns.js';
import { checkHeaderBlock } from './header-block.js';

const FOLDS = /(?:\r\n|\r|\n)(?=[ \t])/g;
const SENDERS = /^(from|sender):(.*)$/gim;
// Up to the end of the text when it is not closed: a search that fails would start again at each quote.
const QUOTED = /"(?:[^"\\]|\\(?:.|$))*("|$)/g;

/**
 * Checks the head of a message in the form in which it leaves, and its senders
 * where only some are allowed: every address of every From and Sender header.
 * What comes before `offset` is headers of our own.
 *
 * @throws MailError `INVALID_MESSAGE`, or `SENDER` for a sender that is not
 * allowed
 */
export function checkHead(
  bytes: Buffer,
  allowedFrom: AddressPatterns | undefined,
  offset: number,
): void {
  const end = checkHeaderBlock(bytes, offset);
  if (allowedFrom === undefined) return;
  const lines = bytes.toString('latin1', offset, end).replace(FOLDS, '');
  for (const [, name = '', value = ''] of lines.matchAll(SENDERS)) {
    for (const address of addressesIn(value, name)) {
      checkSender(address, `the header ${name}`, allowedFrom);
    }
  }
}

/**
 * Checks one sender.
 *
 * @throws MailError `SENDER`
 */
export function checkSender(
  address: string,
  place: string,
  allowedFrom: AddressPatterns,
): void {
  if (allowedFrom.matches(address)) return;
  const domain = address.slice(address.lastIndexOf('@') + 1);
  throw refusal(
    `An address at ${domain} in ${place} is not allowed as a sender.`,
  );
}

function addressesIn(value: string, name: string): string[] {
  const addresses = addressparser(value, { flatten: true }).map(
    ({ address }) => address,
  );
  // What is no address to this parser may be one to the next.
  const signs = value.replace(QUOTED, unlessClosed).split('@').length - 1;
  if (signs > 0 && signs === addresses.length) return addresses;
  throw refusal(
    `The header ${name} holds no address, or an @ that belongs to none (a ` +
      'name that holds one must be in quotes).',
  );
}

function unlessClosed(quoted: string, end: string): string {
  return end === '"' ? '' : quoted;
}

function refusal(what: string): MailError {
  return new MailError(
    'SENDER',
    `${what} The option \`allowedFrom\` says who may send; correct the ` +
      'message, or add the address or its domain to the option.',
    { scope: 'sender' },
  );
}
