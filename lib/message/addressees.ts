import addressparser from 'nodemailer/lib/addressparser';
import MimeNode from 'nodemailer/lib/mime-node';

import { addressProblem } from './envelope.js';
import { isFields } from './header-entries.js';
import { excerpt, invalidMessage } from './invalid-message.js';

/** A recipient that gets a message of its own. */
export interface Addressee {
  readonly name: string;

  /** As it stands in the envelope. */
  readonly address: string;
}

// Of these nodemailer changes nothing; two hyphens may begin an A-label, which IDNA checks.
const ORDINARY = /^[\w.+-]+@(?:[a-z\d]+(?:-[a-z\d]+)*\.)+[a-z]+$/;

// Anything else in a name is quoted where names are written without encoding.
const PLAIN_NAME = /^[^()<>[\]:;@\\,."]*$/;

/**
 * The mailboxes of an admitted address field, in order, each as often as it is
 * there.
 *
 * @throws MailError `INVALID_MESSAGE` for an address that SendGrid cannot take
 */
export function addresseesOf(value: unknown): readonly Addressee[] {
  if (!value) return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) =>
    typeof item === 'string' ? parsed(item) : [addressee(item)],
  );
}

/** An addressee as the X-SMTPAPI header names it. */
export function addresseeText({ name, address }: Addressee): string {
  const shown = name.trim();
  if (shown === '') return address;
  return PLAIN_NAME.test(shown)
    ? `${shown} <${address}>`
    : `"${shown.replace(/["\\]/g, '\\$&')}" <${address}>`;
}

function parsed(text: string): readonly Addressee[] {
  if (ORDINARY.test(text)) return [addressee({ address: text })];
  return addressparser(text, { flatten: true }).map(addressee);
}

function addressee(mailbox: unknown): Addressee {
  const { name, address } = isFields(mailbox) ? mailbox : {};
  const normal = normalized(typeof address === 'string' ? address : '');
  const problem = addressProblem(normal);
  if (problem !== undefined) {
    throw invalidMessage(`The recipient ${excerpt(normal)} ${problem}.`);
  }
  return { name: typeof name === 'string' ? name : '', address: normal };
}

/** As nodemailer writes it into the envelope. */
function normalized(address: string): string {
  if (address === '' || ORDINARY.test(address)) return address;
  const node = new MimeNode(undefined, { baseBoundary: '-' });
  node.setHeader('To', [{ name: '', address }]);
  return node.getEnvelope().to[0] ?? '';
}
