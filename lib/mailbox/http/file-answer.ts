import type { ReadFile } from '../mail/read-mail.js';
import type { Answer } from './answer.js';

/** A file of a message, to be saved and never shown. */
export function attachmentAnswer({ filename, bytes }: ReadFile): Answer {
  return download(filename, 'application/octet-stream', bytes);
}

/** A whole message in wire format, to be saved or read as text. */
export function sourceAnswer(raw: Buffer, save: boolean): Answer {
  return save
    ? download('message.eml', 'message/rfc822', raw)
    : { type: 'text/plain; charset=utf-8', body: raw };
}

function download(filename: string, type: string, body: Buffer): Answer {
  // Of the file's own name only what no header and no file system minds.
  const name = filename.replaceAll(/[^\p{L}\p{N} ._()-]/gu, '_');
  const plain = name.replaceAll(/[^ -~]/g, '_');
  const disposition = `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
  return { type, body, headers: { 'Content-Disposition': disposition } };
}
