import { headerLine } from './header-line.js';
import type { Piece } from './pieces.js';
import { encodedText } from './encoded-text.js';
import { Recent } from './recent.js';

/** The content of a message, and the headers that describe it. */
export interface DirectBody {
  readonly encoding: string | undefined;
  readonly type: string;
  readonly pieces: readonly Piece[];

  /** Whether all of it may follow DATA as it is, see `Content`. */
  readonly isWire: boolean;
}

const TEXT = 'text/plain; charset=utf-8';
const HTML = 'text/html; charset=utf-8';
const TEXTS = new Recent(encodedText);

/** Writes text, HTML, or both as alternatives. */
export function directBody(
  text: string,
  html: string,
  baseBoundary: string,
): DirectBody {
  if (text !== '' && html !== '') return alternatives(text, html, baseBoundary);
  if (text !== '') return part(TEXT, text);
  if (html !== '') return part(HTML, html);
  return {
    encoding: undefined,
    type: 'text/plain',
    pieces: [],
    isWire: true,
  };
}

function alternatives(text: string, html: string, base: string): DirectBody {
  const boundary = `--_NmP-${base}-Part_1`;
  const plain = part(TEXT, text);
  const rich = part(HTML, html);
  return {
    encoding: undefined,
    type: `multipart/alternative; boundary="${boundary}"`,
    pieces: [
      `--${boundary}\r\n${headersOf(plain)}\r\n`,
      ...plain.pieces,
      `\r\n--${boundary}\r\n${headersOf(rich)}\r\n`,
      ...rich.pieces,
      `\r\n--${boundary}--\r\n`,
    ],
    isWire: plain.isWire && rich.isWire,
  };
}

function headersOf({ type, encoding }: DirectBody): string {
  return (
    headerLine('Content-Type', type) +
    headerLine('Content-Transfer-Encoding', encoding)
  );
}

function part(type: string, content: string): DirectBody {
  const { encoding, piece, isWire } = TEXTS.of(content);
  return { encoding, type, pieces: [piece], isWire };
}
