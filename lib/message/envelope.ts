import type { Envelope } from '../smtp/envelope.js';
import { excerpt, invalidMessage } from './invalid-message.js';
import { hasOwnEnvelope, rawOf, type MimeTree } from './mime-tree.js';

const MAX_ADDRESS_OCTETS = 254;
const MAX_LOCAL_OCTETS = 64;

const ATEXT = "[\\w!#$%&'*+/=?^`{|}~-]";
const LOCAL_PART = new RegExp(
  `^(?:${ATEXT}+(?:\\.${ATEXT}+)*|"(?:${ATEXT}|\\.)+")$`,
);
// No top-level domain is a number; Node reads several of these as an IP address.
const NUMERIC = /(?:^|\.)\d+$/;
const DOMAIN = /^(?:[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?(?:\.(?!$)|$))+$/i;

/**
 * Reads the envelope of a composed message and checks every address.
 *
 * Addresses are plain ASCII: a dot-atom, or a quoted local part of the same
 * characters with dots anywhere (`"a..b"@c.example`), and a domain name.
 * Quoted local parts that need more than that (blanks, `@`, ...) are refused:
 * relays read them differently.
 *
 * @throws MailError `INVALID_MESSAGE` without From or recipients, for the null
 * sender, and for an address that SendGrid cannot take
 */
export function envelopeOf(root: MimeTree): Envelope {
  const { from, to } = root.getEnvelope();
  if (!from || (rawOf(root) === undefined && !hasFrom(root))) {
    throw invalidMessage(
      'The message has no From address. Set `from`, or `defaults.from`; ' +
        'SendGrid takes no message without one.',
    );
  }
  if (to.length === 0) {
    throw invalidMessage(
      'The message has no recipient. Set `to`, `cc` or `bcc`.',
    );
  }
  checkAddress(from, 'sender');
  for (const address of to) checkAddress(address, 'recipient');
  return { from, to: [...to] };
}

function hasFrom(root: MimeTree): boolean {
  const header = root.getHeader('From');
  // Without an envelope of its own it was read from From first: only then may From be empty.
  if (typeof header === 'string' && !hasOwnEnvelope(root)) {
    return header.includes('@');
  }
  return (root.getAddresses().from ?? []).length > 0;
}

function checkAddress(address: string, role: string): void {
  const problem = addressProblem(address);
  if (problem === undefined) return;
  throw invalidMessage(`The ${role} ${excerpt(address)} ${problem}.`);
}

/** Why the relay cannot take an address, if so. */
export function addressProblem(address: string): string | undefined {
  if (address.length > MAX_ADDRESS_OCTETS) {
    return `is longer than ${MAX_ADDRESS_OCTETS} octets`;
  }
  const at = address.lastIndexOf('@');
  if (at < 1) return 'has no local part or no domain';
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  return localPartProblem(local) ?? domainProblem(domain);
}

function localPartProblem(local: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- the range is ASCII
  if (/[^\x00-\x7f]/.test(local)) {
    return (
      'has non-ASCII characters before the @, which SendGrid cannot take ' +
      '(it offers no SMTPUTF8)'
    );
  }
  if (local.length > MAX_LOCAL_OCTETS) {
    return `has more than ${MAX_LOCAL_OCTETS} octets before the @`;
  }
  return LOCAL_PART.test(local)
    ? undefined
    : 'is not a plain address: blanks, control characters, <>, a second @ ' +
        'and most quoted local parts cannot be sent';
}

function domainProblem(domain: string): string | undefined {
  if (domain.startsWith('[') || NUMERIC.test(domain)) {
    return 'has an IP address for a domain, which SendGrid does not take';
  }
  return DOMAIN.test(domain) ? undefined : 'has no valid domain';
}
