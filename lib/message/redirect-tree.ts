import type { Envelope } from '../smtp/envelope.js';
import type { Addressee } from './addressees.js';
import { headerLine } from './header-line.js';
import { rawOf, type MimeTree } from './mime-tree.js';
import { PrependLine } from './prepend-line.js';
import type { Redirect } from './redirect.js';

const ORIGINALS = 'X-Original-To';

/**
 * Redirects a composed message: returns its new envelope, rewrites its To and
 * Cc headers, and names the recipients who were replaced in X-Original-To. Of
 * a raw message the headers stay, and X-Original-To goes in front of them.
 *
 * Must come after everything that may change recipients; what signs the
 * message comes later, when it is streamed.
 */
export function redirectTree(
  root: MimeTree,
  { from, to }: Envelope,
  redirect: Redirect,
): Envelope {
  const replaced = [...new Set(to)].filter(
    (address) => !redirect.permits(address),
  );
  if (rawOf(root) !== undefined) prependOriginals(root, replaced);
  else rewriteHeaders(root, replaced, redirect);
  return { from, to: redirect.addresses(to) };
}

// Envelope addresses were checked: none holds a comma, white space or more than ASCII.
function prependOriginals(root: MimeTree, replaced: readonly string[]): void {
  const line = headerLine(ORIGINALS, replaced.join(', '));
  if (line !== '') root.transform(() => new PrependLine(line));
}

function rewriteHeaders(
  root: MimeTree,
  replaced: readonly string[],
  redirect: Redirect,
): void {
  const { to, cc } = root.getAddresses();
  if (to !== undefined) root.setHeader('To', redirected(to, redirect));
  if (cc !== undefined) root.setHeader('Cc', redirected(cc, redirect));
  if (replaced.length === 0) return;
  root.setHeader(ORIGINALS, {
    prepared: true,
    foldLines: true,
    value: replaced.join(', '),
  });
}

interface NamedAddress {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}

/** The mailboxes of a header, each address once, without names of the replaced. */
function redirected(
  mailboxes: readonly NamedAddress[],
  redirect: Redirect,
): Addressee[] {
  const byAddress = new Map<string, Addressee>();
  for (const { name = '', address = '' } of mailboxes) {
    const mailbox = redirect.mailbox({ name, address });
    if (!byAddress.has(mailbox.address)) {
      byAddress.set(mailbox.address, mailbox);
    }
  }
  return [...byAddress.values()];
}
