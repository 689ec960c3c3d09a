import addressparser from 'nodemailer/lib/addressparser';

import { addressProblem } from './envelope.js';
import { encodeHeader } from './header-encoder.js';
import { isFields } from './header-entries.js';
import { Recent } from './recent.js';

/** The addresses of a field as its header has them, and for the envelope. */
export interface DirectAddresses {
  readonly text: string;
  readonly addresses: readonly string[];
}

// Of these nodemailer changes the case of the domain and nothing else.
const ORDINARY = /^[^"@\s]+@(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]+$/i;
const PLAIN_NAME = /^[\w ]*$/;

// `ada@x.example` and `Ada Lovelace <ada@x.example>`: there is nothing to parse in most addresses.
const SIMPLE =
  /^(?:(\w+(?: \w+)*) <([^\s"(),:;<>[\\\]]+)>|([^\s"(),:;<>[\\\]]+))$/;

const NONE: DirectAddresses = { text: '', addresses: [] };

// Most messages of an application have one of a few senders.
const SENDERS = new Recent((text) => written(parse(text)));

/** The same as {@link directAddresses}, of a field that is often the same. */
export function directSender(value: unknown): DirectAddresses | undefined {
  return typeof value === 'string' && value !== ''
    ? SENDERS.of(value)
    : directAddresses(value);
}

/**
 * Writes the admitted value of an address field. Undefined when it holds a
 * group, or an address that is not an ordinary one.
 */
export function directAddresses(value: unknown): DirectAddresses | undefined {
  return value === undefined || value === '' ? NONE : written(entriesOf(value));
}

function written(entries: readonly unknown[]): DirectAddresses | undefined {
  const texts: string[] = [];
  const addresses: string[] = [];
  for (const entry of entries) {
    if (!isFields(entry)) return undefined;
    const address = ordinary(entry['address']);
    if (address === undefined) return undefined;
    texts.push(mailboxText(entry['name'], address));
    addresses.push(address);
  }
  return { text: texts.join(', '), addresses };
}

function entriesOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return parse(value);
  if (!Array.isArray(value)) return [value];
  return value.flatMap((item: unknown) =>
    typeof item === 'string' ? parse(item) : [item],
  );
}

function parse(text: string): readonly unknown[] {
  const match = SIMPLE.exec(text);
  const address = match?.[2] ?? match?.[3];
  return address === undefined
    ? addressparser(text)
    : [{ name: match?.[1] ?? '', address }];
}

/** The address as nodemailer writes it, if it can be sent. */
function ordinary(value: unknown): string | undefined {
  if (typeof value !== 'string' || addressProblem(value) !== undefined) {
    return undefined;
  }
  // Two hyphens may begin an A-label, which IDNA checks.
  if (!ORDINARY.test(value) || value.includes('--')) return undefined;
  const at = value.indexOf('@');
  return value.slice(0, at) + value.slice(at).toLowerCase();
}

function mailboxText(name: unknown, address: string): string {
  if (typeof name !== 'string' || name === '') return address;
  return PLAIN_NAME.test(name)
    ? `${name} <${address}>`
    : encodeHeader('To', [{ name, address }]);
}
