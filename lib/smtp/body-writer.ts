import type { Readable } from 'node:stream';
import { isMailError, MailError } from '../errors/mail-error.js';
import { BodyEncoder } from './body-encoder.js';
import type { Channel } from './channel.js';
import { sizeError } from './size-error.js';
import type { Body, BytesBody } from './transaction.js';

/** Bodies up to this many bytes leave in one write; larger ones in such pieces. */
const PIECE = 65_536;

/** Who is told how a body fares. Exactly one of the two is called, or none after `cancel`. */
export interface BodyListener {
  /** All of the body is written but its end mark: the caller writes it. */
  last(end: Buffer): void;

  /** The source failed; the end mark was not written. */
  failed(error: MailError): void;
}

/** What {@link writeBody} needs besides the body. */
export interface BodySettings {
  /** How long the relay may take nothing, in milliseconds. */
  readonly stallMs: number;

  /** Whether octets above 127 may leave. */
  readonly eightBit: boolean;

  /** How many bytes may leave, without doubled dots; any number if undefined. */
  readonly maxSize: number | undefined;
}

/**
 * Writes all of a body but its end mark, no faster than the relay takes it.
 *
 * @returns a function that stops it and lets go of the source
 */
export function writeBody(
  channel: Channel,
  body: Body,
  settings: BodySettings,
  listener: BodyListener,
): () => void {
  if (body.kind === 'stream') {
    return writeStream(channel, body.open(), settings, listener);
  }
  writeBytes(channel, body, settings.stallMs, listener);
  return () => undefined;
}

function writeBytes(
  channel: Channel,
  { wire, end }: BytesBody,
  stallMs: number,
  listener: BodyListener,
): void {
  let at = 0;
  const next = (): void => {
    channel.unwatch();
    while (!channel.failed && wire.length - at > PIECE) {
      const more = channel.writeNow(wire.subarray(at, at + PIECE));
      at += PIECE;
      if (!more) {
        channel.watch(stallMs);
        channel.socket.once('drain', next);
        return;
      }
    }
    if (channel.failed) return;
    channel.write(at === 0 ? wire : wire.subarray(at));
    listener.last(end);
  };
  next();
}

function writeStream(
  channel: Channel,
  source: Readable,
  { stallMs, eightBit, maxSize = Infinity }: BodySettings,
  listener: BodyListener,
): () => void {
  const encoder = new BodyEncoder();
  let written = 0;
  let done = false;
  const finish = (): boolean => {
    const first = !done;
    done = true;
    return first && !channel.failed;
  };
  const fail = (cause: unknown): void => {
    if (!finish()) return;
    source.destroy();
    listener.failed(contentError(cause));
  };
  const resume = (): void => {
    channel.unwatch();
    source.resume();
  };
  source.on('data', (chunk: Buffer | string) => {
    if (done) return;
    const bytes = encoder.push(Buffer.from(chunk));
    if (encoder.eightBit && !eightBit) return fail(eightBitError());
    written += bytes.length;
    if (written - encoder.stuffed > maxSize) {
      return fail(sizeError(`more than ${maxSize} bytes`, maxSize));
    }
    if (channel.writeNow(bytes)) return;
    source.pause();
    channel.watch(stallMs);
    channel.socket.once('drain', resume);
  });
  source.once('end', () => {
    if (finish()) listener.last(encoder.end());
  });
  source.on('error', fail);
  source.once('close', () => fail(new Error('it was closed before its end')));
  return () => {
    done = true;
    source.destroy();
  };
}

/** The relay takes no 8-bit bodies and this one holds some. */
export function eightBitError(): MailError {
  return new MailError(
    'INVALID_MESSAGE',
    'The message holds 8-bit content and the relay does not offer 8BITMIME. Encode the content as quoted-printable or base64.',
  );
}

function contentError(cause: unknown): MailError {
  if (isMailError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MailError(
    'INVALID_MESSAGE',
    `The content of the message could not be read (${reason}); nothing was sent.`,
    { cause },
  );
}
