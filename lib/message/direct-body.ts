import { hasLongerLines, isPlainText } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';

import { encodeBase64, encodeQuotedPrintable } from './encode-content.js';
import { headerLine } from './header-line.js';
import type { Piece } from './pieces.js';

/** The content of a message, and the headers that describe it. */
export interface DirectBody {
  readonly encoding: string | undefined;
  readonly type: string;
  readonly pieces: readonly Piece[];
}

const TEXT = 'text/plain; charset=utf-8';
const HTML = 'text/html; charset=utf-8';
const LINE_LENGTH = 76;

/** Writes text, HTML, or both as alternatives. */
export function directBody(
  text: string,
  html: string,
  baseBoundary: string,
): DirectBody {
  if (text !== '' && html !== '') return alternatives(text, html, baseBoundary);
  if (text !== '') return part(TEXT, text);
  if (html !== '') return part(HTML, html);
  return { encoding: undefined, type: 'text/plain', pieces: [] };
}

function alternatives(text: string, html: string, base: string): DirectBody {
  const boundary = `--_NmP-${base}-Part_1`;
  return {
    encoding: undefined,
    type: `multipart/alternative; boundary="${boundary}"`,
    pieces: [
      `--${boundary}\r\n`,
      ...partPieces(part(TEXT, text)),
      `\r\n--${boundary}\r\n`,
      ...partPieces(part(HTML, html)),
      `\r\n--${boundary}--\r\n`,
    ],
  };
}

function partPieces({ type, encoding, pieces }: DirectBody): readonly Piece[] {
  const headers =
    headerLine('Content-Type', type) +
    headerLine('Content-Transfer-Encoding', encoding);
  return [`${headers}\r\n`, ...pieces];
}

function part(type: string, content: string): DirectBody {
  const encoding = encodingOf(content);
  return { encoding, type, pieces: [encode(content, encoding, type)] };
}

function encode(content: string, encoding: string, type: string): Piece {
  if (encoding === '7bit') return content;
  return encoding === 'base64'
    ? encodeBase64(content)
    : encodeQuotedPrintable(content, type);
}

/** The transfer encoding that nodemailer chooses for text. */
function encodingOf(content: string): string {
  if (!isPlainText(content)) return encodingOfOtherText(content);
  if (!hasLongerLines(content, LINE_LENGTH)) return '7bit';
  // With nothing to encode, one letter decides.
  return /[a-z]/i.test(content) ? 'quoted-printable' : 'base64';
}

function encodingOfOtherText(content: string): string {
  const node = new MimeNode(TEXT, { baseBoundary: '-' });
  return String(node.setContent(content).getTransferEncoding());
}
