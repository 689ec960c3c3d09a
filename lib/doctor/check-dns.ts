import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { SharedLookup } from '../smtp/shared-lookup.js';
import type { Check } from './report.js';
import { within } from './within.js';

type Lookup = SharedLookup['lookup'];

/** Whether the relay's name has addresses. */
export async function checkDns(
  host: string,
  timeoutMs: number,
  lookup: Lookup = new SharedLookup().lookup,
): Promise<Check> {
  const name = 'DNS';
  if (isIP(host) !== 0) {
    return { name, status: 'skipped', found: `${host} is an address` };
  }
  const startedAt = performance.now();
  try {
    const addresses = await within(timeoutMs, addressesOf(host, lookup));
    const ms = Math.round(performance.now() - startedAt);
    const count =
      addresses.length === 1 ? '1 address' : `${addresses.length} addresses`;
    const found = `${host} has ${count} (${ms} ms): ${addresses.slice(0, 3).join(', ')}`;
    return { name, status: 'ok', found, facts: { ms, addresses } };
  } catch (error) {
    const code = codeOf(error);
    return {
      name,
      status: 'failed',
      found: `${host} has no address (${code})`,
      advice: adviceFor(code, host),
      facts: { code },
    };
  }
}

function addressesOf(host: string, lookup: Lookup): Promise<string[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, found) => {
      if (error !== null) return reject(error);
      const list: readonly LookupAddress[] = Array.isArray(found) ? found : [];
      resolve(list.map(({ address }) => address));
    });
  });
}

function codeOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error), 'code');
  return typeof code === 'string' ? code : 'no answer in time';
}

function adviceFor(code: string, host: string): string {
  return code === 'ENOTFOUND'
    ? `Check the spelling of ${host}; when it is right, the name server that this machine uses does not know it.`
    : 'The name server does not answer: check /etc/resolv.conf, and in Kubernetes the cluster DNS and the network policy for port 53.';
}
