import type { Readable } from 'node:stream';
import { encodeBody, wireBody } from '../smtp/body-encoder.js';
import type { Content } from '../smtp/content.js';
import type { Body } from '../smtp/transaction.js';

/** Encodes what can be encoded once, before the first attempt. */
export function bodyOf(content: Content): Body {
  if (content.kind === 'stream') return content;
  return content.isWire ? wireBody(content.bytes) : encodeBody(content.bytes);
}

/** The same body; `onOpen` is called when one that can be read only once is read. */
export function noticingOpen(body: Body, onOpen: () => void): Body {
  if (body.kind !== 'stream' || body.reusable) return body;
  const open = (): Readable => {
    onOpen();
    return body.open();
  };
  return { kind: 'stream', reusable: false, open };
}

/** How many bytes a body holds in memory while it waits. */
export function heldBytes(body: Body, maxStreamBytes: number): number {
  if (body.kind === 'bytes') return body.size;
  return body.reusable ? 0 : maxStreamBytes;
}
