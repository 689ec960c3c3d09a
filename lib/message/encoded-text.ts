import { isPlainText } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';

import {
  encodeBase64,
  encodeQuotedPrintable,
  SLICE,
} from './encode-content.js';
import type { Piece } from './pieces.js';
import { quotePlain } from './plain-quoted.js';

/** Text as it goes into a message. */
export interface EncodedText {
  readonly encoding: string;
  readonly piece: Piece;

  /** Whether it may follow DATA as it is, see `Content`. */
  readonly isWire: boolean;
}

const TYPE = 'text/plain';

// As nodemailer asks it, which makes the expression anew each time.
const LONG_LINE = /^.{77,}/m;

/** Encodes the content of a text part, in the encoding that nodemailer chooses. */
export function encodedText(content: string): EncodedText {
  return encodePlain(content) ?? encodeOther(content);
}

function encodePlain(content: string): EncodedText | undefined {
  const isAscii = Buffer.byteLength(content) === content.length;
  if (!isAscii || content.length > SLICE) return undefined;
  if (!LONG_LINE.test(content)) return asItIs(content);
  // With nothing to encode, one letter decides.
  if (!/[a-z]/i.test(content)) return undefined;
  const quoted = quotePlain(content);
  if (quoted === undefined) return undefined;
  const { bytes, hasDots } = quoted;
  return { encoding: 'quoted-printable', piece: bytes, isWire: !hasDots };
}

function asItIs(content: string): EncodedText | undefined {
  if (!isPlainText(content)) return undefined;
  if (content.includes('\r')) {
    return { encoding: '7bit', piece: content, isWire: false };
  }
  const hasDots = content.startsWith('.') || content.includes('\n.');
  const piece = content.replaceAll('\n', '\r\n');
  return { encoding: '7bit', piece, isWire: !hasDots };
}

function encodeOther(content: string): EncodedText {
  const node = new MimeNode(TYPE, { baseBoundary: '-' });
  const encoding = String(node.setContent(content).getTransferEncoding());
  return { encoding, piece: encodeAs(encoding, content), isWire: false };
}

function encodeAs(encoding: string, content: string): Piece {
  if (encoding === '7bit') return content;
  return encoding === 'base64'
    ? encodeBase64(content)
    : encodeQuotedPrintable(content, TYPE);
}
