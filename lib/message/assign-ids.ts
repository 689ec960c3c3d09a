import { randomUUID } from 'node:crypto';
import { domainToASCII } from 'node:url';

import type { SendMailOptions } from 'nodemailer';

import { headerEntries, headerName, isFields } from './header-entries.js';

// Reserved (RFC 6761), so it names no host of anybody.
const FALLBACK_DOMAIN = 'message.invalid';

/**
 * Gives the message a Message-ID and a boundary made from a fresh UUID, unless
 * it has its own.
 */
export function assignIds(data: SendMailOptions): void {
  const id = randomUUID();
  if (!data.messageId && !messageIdHeader(data.headers)) {
    data.messageId = newMessageId(senderDomain(data.from), id);
  }
  data.baseBoundary ||= id;
}

/**
 * Makes a Message-ID, in angle brackets.
 *
 * @param fromDomain domain of the sender; a reserved one is used without it
 * @param id what no other has, a fresh UUID when left out
 */
export function newMessageId(fromDomain?: string, id = randomUUID()): string {
  return `<${id}@${fromDomain || FALLBACK_DOMAIN}>`;
}

/** The value of a Message-ID among a message's further headers, if any is set. */
export function messageIdHeader(headers: unknown): unknown {
  return headerEntries(headers, 'headers').find(
    ({ key, value }) => Boolean(value) && headerName(key) === 'message-id',
  )?.value;
}

/** The domain of an address value as A-labels; undefined when there is none. */
export function senderDomain(from: unknown): string | undefined {
  const address = firstAddress(from);
  const domain = /@([^\s@<>"(),;:[\]]+)>?\s*$/.exec(address)?.[1];
  if (domain === undefined || /^[a-z\d.-]+$/i.test(domain)) return domain;
  return domainToASCII(domain) || undefined;
}

function firstAddress(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'string') return first;
  if (!isFields(first)) return '';
  const address = first['address'] || first['email'];
  return typeof address === 'string' ? address : '';
}
