import {
  writeBody,
  type BodyListener,
  type BodySettings,
} from './body-writer.js';
import type { Channel } from './channel.js';
import type { Exchange } from './exchange.js';
import { heldBack } from './outcomes.js';

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
  listener: BodyListener,
): () => void {
  let cancel: (() => void) | undefined;
  const write = (): void => {
    if (channel.failed) return;
    exchange.stage = 'body';
    exchange.bodyOpened = true;
    cancel = writeBody(channel, exchange.transaction.body, settings, listener);
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
