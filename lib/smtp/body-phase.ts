import type { MailError } from '../errors/mail-error.js';
import { writeBody, type BodySettings } from './body-writer.js';
import type { Channel } from './channel.js';
import type { Exchange } from './exchange.js';
import { heldBack } from './outcomes.js';

/** Who is told how the body of an exchange fares. One of the two is called, or none once it is stopped. */
export interface BodyPhaseListener {
  /** The end mark is written; its reply is due. */
  dotWritten(): void;

  /** The body cannot be had; the end mark was not written. */
  failed(error: MailError): void;
}

/**
 * Sends the body of an exchange whose envelope was accepted, once it has the
 * permission it asked for.
 *
 * @returns a function that stops it
 */
export function sendBody(
  channel: Channel,
  exchange: Exchange,
  settings: BodySettings,
  listener: BodyPhaseListener,
): () => void {
  let cancel: (() => void) | undefined;
  const last = (end: Buffer): void => {
    exchange.stage = 'dot';
    exchange.dotAfter = channel.flushes;
    channel.write(end);
    exchange.transaction.leaving?.();
    listener.dotWritten();
  };
  const write = (): void => {
    if (channel.failed) return;
    exchange.stage = 'body';
    exchange.bodyOpened = true;
    cancel = writeBody(channel, exchange.transaction.body, settings, {
      last,
      failed: (error) => listener.failed(error),
    });
  };
  exchange.stage = 'ready';
  if (exchange.permission === undefined) channel.whenRead(write);
  else {
    exchange.permission.then(write, (cause: unknown) => {
      if (!channel.failed) listener.failed(heldBack(cause));
    });
  }
  return () => cancel?.();
}
