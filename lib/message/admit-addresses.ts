import addressparser from 'nodemailer/lib/addressparser';

import { isFields, type Fields } from './header-entries.js';
import { excerpt, invalidMessage } from './invalid-message.js';

// What ends a line or a string on the wire.
const BREAKS = /[\r\n\0]/;
const BREAK_RUNS = /[\r\n\0]+/g;

interface PlainMailbox {
  readonly name: string;
  readonly address: string;
}

/**
 * Checks the value of an address field and returns it in the forms that
 * nodemailer reads: strings and `{ name, address }`, in one flat list. Groups
 * become strings, since nodemailer drops them in the object form.
 *
 * Line breaks and NUL in an object's display name become one space; anywhere
 * else they are refused.
 *
 * @throws MailError `INVALID_MESSAGE` naming the field
 */
export function admitAddresses(value: unknown, field: string): unknown {
  if (typeof value === 'string') return admitString(value, field);
  if (isNothing(value)) return value;
  if (!Array.isArray(value)) return admitObject(value, field);
  return flatten(value, listItems).map((item) =>
    typeof item === 'string'
      ? admitString(item, field)
      : admitObject(item, field),
  );
}

/** Replaces line breaks and NUL by a space. */
export function onOneLine(text: string): string {
  return BREAKS.test(text) ? text.replace(BREAK_RUNS, ' ') : text;
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined || value === null || value === false || value === ''
  );
}

function admitString(value: string, field: string): string {
  refuseBreaks(value, field);
  // A colon may be the one of an empty group: `undisclosed-recipients:;`.
  if (!/[@:]/.test(value) && value.trim() !== '') {
    throw invalidMessage(
      `\`${field}\` holds no email address: ${excerpt(value)}.`,
    );
  }
  return value;
}

function refuseBreaks(value: string, field: string): void {
  if (!BREAKS.test(value)) return;
  throw invalidMessage(
    `\`${field}\` holds a line break or NUL: ${excerpt(value)}. Remove it; ` +
      'it could add recipients or headers to the message.',
  );
}

function admitObject(value: unknown, field: string): PlainMailbox | string {
  if (!isFields(value)) throw notAnAddress(field);
  const { address, email, group } = value;
  if (!Array.isArray(group)) return mailbox(value, field);
  if (address || email) throw notAnAddress(field);
  return groupText(value, field);
}

function mailbox(value: Fields, field: string): PlainMailbox {
  const address = value['address'] || value['email'];
  if (typeof address !== 'string') throw notAnAddress(field);
  refuseBreaks(address, field);
  return { name: displayName(value['name'], field), address };
}

function displayName(name: unknown, field: string): string {
  if (name === undefined || name === null) return '';
  if (typeof name === 'string') return onOneLine(name);
  throw invalidMessage(`The display name in \`${field}\` must be a string.`);
}

function notAnAddress(field: string): Error {
  return invalidMessage(
    `\`${field}\` must be an address string, \`{ name, address }\`, ` +
      '`{ name, email }`, `{ name, group }`, or a list of these.',
  );
}

function groupText(value: Fields, field: string): string {
  const members = flatten(value['group'], groupMembers).flatMap((member) =>
    groupMember(member, field),
  );
  const name = quoted(displayName(value['name'], field) || 'Group');
  return `${name}: ${members.map(mailboxText).join(', ')};`;
}

function groupMember(member: unknown, field: string): PlainMailbox[] {
  if (typeof member !== 'string') {
    if (!isFields(member)) throw notAnAddress(field);
    return [mailbox(member, field)];
  }
  const parsed = addressparser(admitString(member, field), { flatten: true });
  return parsed.map(({ name, address }) => ({
    name: name ?? '',
    address: address ?? '',
  }));
}

function mailboxText({ name, address }: PlainMailbox): string {
  const bare = `<${address.replace(/[<>]/g, ' ').trim()}>`;
  return name === '' ? bare : `${quoted(name)} ${bare}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * The items of nested lists, in order. Every list is walked once, so lists
 * that hold themselves end too.
 */
function flatten(
  value: unknown,
  itemsOf: (item: unknown) => readonly unknown[] | undefined,
): unknown[] {
  const flat: unknown[] = [];
  const seen = new WeakSet<object>();
  const open = [value];
  while (open.length > 0) {
    const item = open.pop();
    const items = itemsOf(item);
    if (items === undefined) {
      if (!isNothing(item)) flat.push(item);
    } else if (!seen.has(items)) {
      seen.add(items);
      for (let i = items.length - 1; i >= 0; i -= 1) open.push(items[i]);
    }
  }
  return flat;
}

function listItems(item: unknown): readonly unknown[] | undefined {
  return Array.isArray(item) ? item : undefined;
}

// RFC 5322 does not nest groups: the members of an inner one join the outer one.
function groupMembers(item: unknown): readonly unknown[] | undefined {
  return listItems(isFields(item) ? item['group'] : item);
}
