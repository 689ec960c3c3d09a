import { hasLongerLines, isPlainText } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';

import {
  encodeBase64,
  encodePlainQuotedPrintable,
  encodeQuotedPrintable,
} from './encode-content.js';
import type { Piece } from './pieces.js';

/** Text as it goes into a message. */
export interface EncodedText {
  readonly encoding: string;
  readonly piece: Piece;
}

const TYPE = 'text/plain';
const LINE_LENGTH = 76;

/** Encodes the content of a text part, in the encoding that nodemailer chooses. */
export function encodedText(content: string): EncodedText {
  return isPlainText(content) ? encodePlain(content) : encodeOther(content);
}

function encodePlain(content: string): EncodedText {
  if (!hasLongerLines(content, LINE_LENGTH)) {
    return { encoding: '7bit', piece: content };
  }
  // With nothing to encode, one letter decides.
  return /[a-z]/i.test(content)
    ? {
        encoding: 'quoted-printable',
        piece: encodePlainQuotedPrintable(content),
      }
    : { encoding: 'base64', piece: encodeBase64(content) };
}

function encodeOther(content: string): EncodedText {
  const node = new MimeNode(TYPE, { baseBoundary: '-' });
  const encoding = String(node.setContent(content).getTransferEncoding());
  const piece =
    encoding === 'base64'
      ? encodeBase64(content)
      : encodeQuotedPrintable(content, TYPE);
  return { encoding, piece };
}
