import { connect, type Socket } from 'node:net';
import type { ResolvedRelay } from '../options/resolved-options.js';
import type { SharedLookup } from './shared-lookup.js';

/** Opens a socket to the relay, whichever of its addresses answers first. */
export function openSocket(
  { host, port }: ResolvedRelay,
  { lookup }: SharedLookup,
): Socket {
  return connect({
    host,
    port,
    lookup,
    autoSelectFamily: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    noDelay: true,
  });
}
