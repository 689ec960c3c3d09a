import { Readable, pipeline } from 'node:stream';

import type { Content } from '../smtp/content.js';
import { checkHeaderBlock } from './header-block.js';
import { asInvalidMessage, invalidMessage } from './invalid-message.js';
import { MessageGuard, tooLarge } from './message-guard.js';
import type { MimeTree } from './mime-tree.js';
import { isReusable, openTree } from './open-tree.js';
import { readHead } from './read-head.js';
import { canWriteTree, writeTree } from './write-tree.js';

/** Bounds of one message, in bytes. */
export interface SerializeLimits {
  /** How much of a streamed message is held in memory. */
  readonly maxStreamBytes: number;

  /** How large a message may be. */
  readonly maxMessageBytes: number;

  /** Told of a stream that is being read, which may be destroyed to stop it. */
  readonly reading?: (stream: Readable) => void;
}

/**
 * Brings a composed message into wire format: at once when all of it is in
 * memory and nothing processes the stream, else by reading nodemailer's
 * stream. The header block is checked before any byte is handed on.
 *
 * @param front - headers of our own, in ASCII, that go before the message's
 * @throws MailError `INVALID_MESSAGE`, also as a rejection
 */
export function serialize(
  root: MimeTree,
  limits: SerializeLimits,
  front = '',
): Content | Promise<Content> {
  if (!canWriteTree(root)) return readContent(root, limits, front);
  try {
    const bytes = writeTree(root, front);
    return inMemory(bytes, limits.maxMessageBytes, front.length);
  } catch (error) {
    throw asInvalidMessage(error);
  }
}

/**
 * Checks a message that was written at once, behind `frontBytes` of headers
 * of our own.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function inMemory(
  bytes: Buffer,
  maxMessageBytes: number,
  frontBytes: number,
): Content {
  checkHeaderBlock(bytes, frontBytes);
  if (bytes.length > maxMessageBytes) throw tooLarge(maxMessageBytes);
  return { kind: 'bytes', bytes };
}

async function readContent(
  root: MimeTree,
  { maxStreamBytes, maxMessageBytes, reading }: SerializeLimits,
  front: string,
): Promise<Content> {
  const open = (): Readable => openGuarded(root, maxMessageBytes, front);
  const stream = open();
  reading?.(stream);
  const head = await readHead(stream, maxStreamBytes);
  if (head.whole) return { kind: 'bytes', bytes: head.bytes };
  if (isReusable(root)) {
    stream.destroy();
    return { kind: 'stream', reusable: true, open };
  }
  stream.unshift(head.bytes);
  return { kind: 'stream', reusable: false, open: once(stream) };
}

function openGuarded(
  root: MimeTree,
  maxMessageBytes: number,
  front: string,
): Readable {
  try {
    const guard = new MessageGuard(maxMessageBytes, front);
    return quiet(pipeline(openTree(root), guard, () => undefined));
  } catch (error) {
    return failing(asInvalidMessage(error));
  }
}

/** Lets a stream be taken a single time, with whatever befell it until then. */
function once(stream: Readable): () => Readable {
  let opened = false;
  return () => {
    if (opened) {
      return failing(
        invalidMessage(
          'The content was given as a stream and has been read in part, so ' +
            'it cannot be sent again. Pass a function that opens it.',
        ),
      );
    }
    opened = true;
    return stream.errored ? failing(stream.errored) : stream;
  };
}

function failing(error: Error): Readable {
  return quiet(
    new Readable({
      read() {
        this.destroy(error);
      },
    }),
  );
}

/** Keeps an error that comes while nobody reads from ending the process. */
function quiet<T extends Readable>(stream: T): T {
  return stream.on('error', () => undefined);
}
