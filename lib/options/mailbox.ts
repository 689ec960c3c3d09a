import { domainToASCII } from 'node:url';

import addressparser from 'nodemailer/lib/addressparser';

import { isDomainName } from './host-name.js';
import { isRecord } from './is-record.js';

/** Gives a mailbox written as `{ name, email }` the name nodemailer reads. */
export function toNodemailerMailbox(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toNodemailerMailbox);
  if (!isRecord(value) || !('email' in value) || 'address' in value)
    return value;
  const { email, ...rest } = value;
  return { ...rest, address: email };
}

/** Says what is wrong with a default sender, or nothing. */
export function senderProblem(value: unknown): string | undefined {
  const mailbox = toNodemailerMailbox(value);
  const texts = textsOf(mailbox);
  if (texts === undefined)
    return 'must be an address: a string, `{ name, address }` or `{ name, email }`, {got}';
  if (texts.some((text) => /[\r\n\0]/.test(text)))
    return 'must hold no line break and no NUL, which would change the header';
  return addressOf(mailbox) === undefined
    ? 'must be exactly one address such as "Shop <hello@shop.example>", {got}'
    : undefined;
}

/**
 * The domain of a sender as an ASCII host name; nothing when it has none that
 * a host name can be.
 */
export function domainOf(value: unknown): string | undefined {
  const address = addressOf(toNodemailerMailbox(value)) ?? '';
  const domain = domainToASCII(address.slice(address.lastIndexOf('@') + 1));
  return isDomainName(domain) ? domain : undefined;
}

function textsOf(mailbox: unknown): string[] | undefined {
  if (typeof mailbox === 'string') return [mailbox];
  if (!isRecord(mailbox) || !('address' in mailbox)) return undefined;
  const name = 'name' in mailbox ? (mailbox.name ?? '') : '';
  return typeof mailbox.address === 'string' && typeof name === 'string'
    ? [mailbox.address, name]
    : undefined;
}

function addressOf(mailbox: unknown): string | undefined {
  const parsed = addressparser(textsOf(mailbox)?.[0] ?? '');
  const address = parsed[0]?.address ?? '';
  return parsed.length === 1 && /^.+@[^@]+$/.test(address)
    ? address
    : undefined;
}
