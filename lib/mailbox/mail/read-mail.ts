import PostalMime, { decodeWords, type Address } from 'postal-mime';
import type { MailboxAttachment, MailboxHeader } from './mailbox-message.js';

/** A file of a message with its content. */
export interface ReadFile extends MailboxAttachment {
  readonly bytes: Buffer;
}

/** A message as a mail program reads it. */
export interface ReadMail {
  readonly from: string;
  readonly subject: string;
  readonly headers: readonly MailboxHeader[];
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly files: readonly ReadFile[];
}

/** Reads a message in wire format. What cannot be read is shown as text. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const email = await PostalMime.parse(raw).catch(() => undefined);
  if (email === undefined) return unreadable(raw);
  const { from, subject = '', headers, text, html, attachments } = email;
  return {
    from: from === undefined ? '' : shown(from),
    subject,
    headers: headers.map(({ originalKey, value }) => ({
      name: originalKey,
      value: decodeWords(value),
    })),
    text: text?.replace(/\n$/, ''),
    html: html?.replace(/\n$/, ''),
    files: attachments.map((file, index) => {
      const { filename, mimeType, contentId, content } = file;
      const bytes = bytesOf(content);
      return {
        index,
        filename: filename ?? `part-${index + 1}`,
        contentType: mimeType,
        size: bytes.length,
        contentId: contentId?.replaceAll(/^<|>$/g, ''),
        bytes,
      };
    }),
  };
}

function unreadable(raw: Buffer): ReadMail {
  const text = raw.toString('utf8');
  const nothing = { from: '', subject: '', headers: [], html: undefined };
  return { ...nothing, text, files: [] };
}

function shown({ name, address = '' }: Address): string {
  return name === '' ? address : `${name} <${address}>`;
}

function bytesOf(content: ArrayBuffer | Uint8Array | string): Buffer {
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof Uint8Array
    ? Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    : Buffer.from(content);
}
