import type { MailMessage } from 'nodemailer';
import MimeNode from 'nodemailer/lib/mime-node';

/** A node of nodemailer's MIME tree. */
export type MimeTree = MailMessage['message'];

const METHODS = [
  'stream',
  'createReadStream',
  'buildHeaders',
  'getTransferEncoding',
] as const;

const ORIGINALS = METHODS.map((name) => MimeNode.prototype[name]);

/** The pregenerated content of a node, if it has one. */
export function rawOf(node: MimeTree): unknown {
  return internal(node, '_raw') || undefined;
}

/** Tells whether the envelope was given instead of made from the headers. */
export function hasOwnEnvelope(node: MimeTree): boolean {
  return Boolean(internal(node, '_envelope'));
}

/** The transforms that the message passes through when it is streamed. */
export function transformsOf(root: MimeTree): readonly unknown[] {
  return listIn(root, '_transforms');
}

/** The functions that process the streamed message, DKIM among them. */
export function processorsOf(root: MimeTree): readonly unknown[] {
  return listIn(root, '_processFuncs');
}

/** All nodes of a tree. */
export function nodesOf(root: MimeTree): MimeTree[] {
  const nodes = [root];
  for (let i = 0; i < nodes.length; i += 1) {
    for (const child of nodes[i]?.childNodes ?? []) nodes.push(child);
  }
  return nodes;
}

/** Tells whether every node is nodemailer's own class with its own methods. */
export function isKnownTree(nodes: readonly MimeTree[]): boolean {
  return nodes.every(
    (node) =>
      Object.getPrototypeOf(node) === MimeNode.prototype &&
      METHODS.every((name, i) => node[name] === ORIGINALS[i]),
  );
}

// These fields exist in nodemailer ~10.6 and are left out of its types.
type Internal = '_raw' | '_envelope' | '_transforms' | '_processFuncs';

function internal(node: MimeTree, field: Internal): unknown {
  return Reflect.get(node, field);
}

function listIn(node: MimeTree, field: Internal): readonly unknown[] {
  const value = internal(node, field);
  return Array.isArray(value) ? value : [];
}
