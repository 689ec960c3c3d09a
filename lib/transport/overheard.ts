import { pipeline, Transform } from 'node:stream';
import type { Content } from '../smtp/content.js';

/** A stream whose bytes are noted as they are read. */
export interface Overheard {
  readonly content: Content;

  /** What was read of it when it was opened last. */
  bytes(): Buffer;
}

/** Notes what passes when a content that is a stream is read. */
export function overheard(
  content: Extract<Content, { kind: 'stream' }>,
): Overheard {
  let chunks: Buffer[] = [];
  const open = (): Transform => {
    const heard: Buffer[] = [];
    chunks = heard;
    const through = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        heard.push(chunk);
        done(null, chunk);
      },
    });
    // Whoever reads is told of a failure by what is returned.
    return pipeline(content.open(), through, () => undefined);
  };
  const { kind, reusable } = content;
  return {
    content: { kind, reusable, open },
    bytes: () => Buffer.concat(chunks),
  };
}
