import type { Readable } from 'node:stream';

import { invalidMessage } from './invalid-message.js';

const CLOSED = 'The content was closed before the message was composed.';

/** What was read: the whole stream, or the part that went over the limit. */
export interface StreamHead {
  readonly whole: boolean;
  readonly bytes: Buffer;
}

/**
 * Reads a stream to its end, or until more than `maxBytes` came. In the latter
 * case the rest stays unread.
 */
export function readHead(
  stream: Readable,
  maxBytes: number,
): Promise<StreamHead> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (whole: boolean): void => {
      stream.off('readable', onReadable);
      stream.off('end', onEnd);
      stream.off('error', reject);
      resolve({ whole, bytes: Buffer.concat(chunks, length) });
    };
    const onEnd = (): void => settle(true);
    const onReadable = (): void => {
      for (;;) {
        const chunk: unknown = stream.read();
        if (!Buffer.isBuffer(chunk)) return;
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes) return settle(false);
      }
    };
    stream.on('readable', onReadable);
    stream.on('end', onEnd);
    stream.on('error', reject);
    stream.on('close', () => reject(invalidMessage(CLOSED)));
  });
}
