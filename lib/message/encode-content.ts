import type { Transform } from 'node:stream';

import * as base64 from 'nodemailer/lib/base64';
import * as qp from 'nodemailer/lib/qp';

// nodemailer encodes in slices of this size, and lines may break differently at their borders.
export const SLICE = 64 * 1024;

/** Encodes content in base64 as nodemailer's stream encoder does, at once. */
export function encodeBase64(content: string | Buffer): string | Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return bytes.length <= SLICE
    ? base64.wrap(base64.encode(bytes))
    : runEncoder(new base64.Encoder(), bytes);
}

/**
 * Encodes content in quoted-printable as nodemailer's stream encoder does, at
 * once. Line ends are kept as such in text only.
 */
export function encodeQuotedPrintable(
  content: string | Buffer,
  contentType: string,
): string | Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const isText = /^text\//i.test(contentType);
  const last = bytes.at(-1);
  // The stream encoder holds a last blank back, which may move a line break.
  const isPlain = isText && last !== 0x20 && last !== 0x09;
  return isPlain && bytes.length <= SLICE
    ? qp.wrap(qp.encode(bytes))
    : runEncoder(new qp.Encoder({ binary: !isText }), bytes);
}

/** Runs one of nodemailer's encoders without waiting: its steps are synchronous. */
function runEncoder(encoder: Transform, bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  encoder.push = (piece: string | Buffer) => {
    pieces.push(
      typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece,
    );
    return true;
  };
  encoder._transform(bytes, 'utf8', () => undefined);
  encoder._flush(() => undefined);
  return Buffer.concat(pieces);
}
