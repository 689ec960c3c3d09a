import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

import { isGlobalAddress } from './global-address.js';

/** Looks up all addresses of a name, as `dns.lookup` does. */
export type LookUpAll = (
  name: string,
  options: { readonly all: true },
  callback: (
    error: NodeJS.ErrnoException | null,
    addresses: LookupAddress[],
  ) => void,
) => void;

/** A name leads to an address that nothing is fetched from. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/**
 * Makes the look-up of a socket, which connects to just the addresses it is
 * given: fails when any of a name's is not public.
 */
export function publicLookup(lookUp: LookUpAll = systemLookup): LookupFunction {
  return (name, options, callback) => {
    lookUp(name, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) callback(error, '');
      else if (first === undefined || !addresses.every(isGlobal)) {
        callback(new PrivateAddressError('An address is not public.'), '');
      } else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function isGlobal({ address }: LookupAddress): boolean {
  return isGlobalAddress(address);
}
