import { headerLine } from './header-line.js';
import type { Piece } from './pieces.js';
import { RecentTexts } from './recent-texts.js';

/** The content of a message, and the headers that describe it. */
export interface DirectBody {
  readonly encoding: string | undefined;
  readonly type: string;
  readonly pieces: readonly Piece[];
}

const TEXT = 'text/plain; charset=utf-8';
const HTML = 'text/html; charset=utf-8';
const TEXTS = new RecentTexts();

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
  const { encoding, piece } = TEXTS.encoded(content);
  return { encoding, type, pieces: [piece] };
}
