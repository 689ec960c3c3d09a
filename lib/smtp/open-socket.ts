import { connect, type Socket } from 'node:net';
import type { ResolvedRelay } from '../options/resolved-options.js';
import type { SharedLookup } from './shared-lookup.js';

/**
 * What all sockets read into: a buffer for each read costs more than all that
 * is done with a reply. What is in it holds until the listeners return.
 */
const INPUT = Buffer.allocUnsafeSlow(65_536);

/** Opens a socket to the relay, whichever of its addresses answers first. */
export function openSocket(
  { host, port }: ResolvedRelay,
  { lookup }: SharedLookup,
): Socket {
  const socket = connect({
    host,
    port,
    lookup,
    autoSelectFamily: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    noDelay: true,
    onread: {
      buffer: INPUT,
      callback: (length) => {
        socket.emit('data', INPUT.subarray(0, length));
        return true;
      },
    },
  });
  return socket;
}
