import { Readable, pipeline } from 'node:stream';

import type { AddressPatterns } from '../options/address-patterns.js';
import type { Content } from '../smtp/content.js';
import { checkHead } from './allowed-senders.js';
import { firstFrom } from './first-from.js';
import {
  asInvalidMessage,
  invalidMessage,
  tooLarge,
} from './invalid-message.js';
import { MessageGuard } from './message-guard.js';
import type { MimeTree } from './mime-tree.js';
import { isReusable, openTree } from './open-tree.js';
import { readHead } from './read-head.js';
import { canWriteTree, writeTree } from './write-tree.js';

/** What any message is held to. */
export interface MessageLimits {
  /** How large a message may be, in bytes. */
  readonly maxMessageBytes: number;

  /** Who may send; anybody when left out. */
  readonly allowedFrom?: AddressPatterns | undefined;
}

/** What a message that may be streamed is held to. */
export interface SerializeLimits extends MessageLimits {
  /** How many bytes of a streamed message are held in memory. */
  readonly maxStreamBytes: number;

  /** Told of a stream that is being read, which may be destroyed to stop it. */
  readonly reading?: (stream: Readable) => void;
}

/** A message in wire format. */
export interface SerializedMail {
  readonly content: Content;

  /** The first address of its From header, if there is one. */
  readonly sender: string | undefined;
}

/**
 * Brings a composed message into wire format: at once when all of it is in
 * memory and nothing processes the stream, else by reading nodemailer's
 * stream. The header block is checked before any byte is handed on.
 *
 * @param front - headers of our own, in ASCII, that go before the message's
 * @throws MailError `INVALID_MESSAGE` or `SENDER`, also as a rejection
 */
export function serialize(
  root: MimeTree,
  limits: SerializeLimits,
  front = '',
): SerializedMail | Promise<SerializedMail> {
  if (!canWriteTree(root)) return readContent(root, limits, front);
  try {
    const bytes = writeTree(root, front);
    const content = inMemory(bytes, limits, front.length);
    return { content, sender: firstFrom(bytes) };
  } catch (error) {
    throw asInvalidMessage(error);
  }
}

/**
 * Checks a message that was written at once, behind `frontBytes` of headers
 * of our own.
 *
 * @throws MailError `INVALID_MESSAGE` or `SENDER`
 */
export function inMemory(
  bytes: Buffer,
  { maxMessageBytes, allowedFrom }: MessageLimits,
  frontBytes: number,
): Content {
  checkHead(bytes, allowedFrom, frontBytes);
  return sized(bytes, maxMessageBytes);
}

/**
 * A message whose head was checked already.
 *
 * @param isWire - see `Content`
 * @throws MailError `INVALID_MESSAGE`
 */
export function sized(
  bytes: Buffer,
  maxMessageBytes: number,
  isWire = false,
): Content {
  if (bytes.length > maxMessageBytes) throw tooLarge(maxMessageBytes);
  return { kind: 'bytes', bytes, isWire };
}

async function readContent(
  root: MimeTree,
  limits: SerializeLimits,
  front: string,
): Promise<SerializedMail> {
  const open = (): Readable => openGuarded(root, limits, front);
  const stream = open();
  limits.reading?.(stream);
  const head = await readHead(stream, limits.maxStreamBytes);
  const sender = firstFrom(head.bytes);
  if (head.whole) {
    return { content: { kind: 'bytes', bytes: head.bytes }, sender };
  }
  if (isReusable(root)) {
    stream.destroy();
    return { content: { kind: 'stream', reusable: true, open }, sender };
  }
  stream.unshift(head.bytes);
  return {
    content: { kind: 'stream', reusable: false, open: once(stream) },
    sender,
  };
}

function openGuarded(
  root: MimeTree,
  { maxMessageBytes, allowedFrom }: MessageLimits,
  front: string,
): Readable {
  try {
    const guard = new MessageGuard(maxMessageBytes, allowedFrom, front);
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
