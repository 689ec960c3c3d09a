import { encodeBase64, encodeQuotedPrintable } from './encode-content.js';
import {
  isKnownTree,
  nodesOf,
  processorsOf,
  rawOf,
  transformsOf,
  type MimeTree,
} from './mime-tree.js';
import { joinMessage, type Piece } from './pieces.js';

/** Tells whether {@link writeTree} writes what nodemailer would stream. */
export function canWriteTree(root: MimeTree): boolean {
  const nodes = nodesOf(root);
  return (
    !root.newline &&
    transformsOf(root).length === 0 &&
    processorsOf(root).length === 0 &&
    nodes.every(isInMemory) &&
    isKnownTree(nodes)
  );
}

/**
 * Writes the tree at once behind `front`, byte for byte as nodemailer's
 * `build()` does.
 */
export function writeTree(root: MimeTree, front: string): Buffer {
  const pieces: Piece[] = [front];
  writeNode(root, pieces);
  return joinMessage(pieces);
}

function isInMemory(node: MimeTree): boolean {
  const raw = rawOf(node);
  if (raw !== undefined) return isPiece(raw) && node.childNodes.length === 0;
  return !node.content || isPiece(node.content);
}

function isPiece(value: unknown): value is Piece {
  return typeof value === 'string' || Buffer.isBuffer(value);
}

function writeNode(node: MimeTree, pieces: Piece[]): void {
  const raw = rawOf(node);
  if (isPiece(raw)) {
    pieces.push(raw);
    return;
  }
  pieces.push(node.buildHeaders(), '\r\n\r\n');
  const { content } = node;
  if (content && isPiece(content)) pieces.push(encode(node, content));
  if (!node.multipart) return;
  let delimiter = `--${node.boundary}\r\n`;
  for (const child of node.childNodes) {
    pieces.push(delimiter);
    writeNode(child, pieces);
    delimiter = `\r\n--${node.boundary}\r\n`;
  }
  pieces.push(`\r\n--${node.boundary}--\r\n`);
}

function encode(node: MimeTree, content: Piece): Piece {
  // buildHeaders() has just set this header to the encoding that nodemailer would use.
  switch (node.getHeader('Content-Transfer-Encoding')) {
    case 'base64':
      return encodeBase64(content);
    case 'quoted-printable':
      return encodeQuotedPrintable(content, node.contentType ?? '');
    default:
      return content;
  }
}
