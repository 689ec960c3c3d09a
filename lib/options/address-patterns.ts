import { domainToASCII } from 'node:url';

import { isDomainName } from './host-name.js';

const LOCAL_PART = /^[\w!#$%&'+/=?^`{|}~-]+(?:\.[\w!#$%&'+/=?^`{|}~-]+)*$/;
const MAX_LOCAL_OCTETS = 64;

// What Node's reading of a host would decode, cut off or take for something else.
const NOT_IN_DOMAINS = /[\s%/\\?#:@[\]]/;

interface Pattern {
  /** Undefined in a pattern for a whole domain. */
  readonly local: string | undefined;
  readonly domain: string;
}

/**
 * A list of addresses (`ada@shop.example`) and of domains (`shop.example`,
 * `@shop.example` or `*@shop.example`). A domain stands for every address at
 * exactly it: sub-domains do not count. Case does not matter, and
 * international domains are compared in their ASCII form.
 */
export class AddressPatterns {
  readonly #addresses = new Set<string>();
  readonly #domains = new Set<string>();

  /** Takes patterns that {@link patternProblem} finds nothing wrong with. */
  constructor(patterns: readonly string[]) {
    for (const { local, domain } of patterns.flatMap(parsed)) {
      if (local === undefined) this.#domains.add(domain);
      else this.#addresses.add(`${local.toLowerCase()}@${domain}`);
    }
  }

  /** Tells whether the list holds the address, or its domain. */
  matches(address: string): boolean {
    const at = address.lastIndexOf('@');
    if (at < 1) return false;
    const domain = asciiDomain(address.slice(at + 1));
    return (
      this.#domains.has(domain) ||
      this.#addresses.has(`${address.slice(0, at).toLowerCase()}@${domain}`)
    );
  }
}

/** Says what is wrong with a list of patterns, or nothing. */
export function patternsProblem(list: unknown): string | undefined {
  if (!Array.isArray(list))
    return 'must be a list of addresses and domains, {got}';
  const wrong = list.findIndex(
    (one) => typeof one !== 'string' || parsed(one).length === 0,
  );
  return wrong === -1
    ? undefined
    : `must hold addresses such as "ada@shop.example" and domains such as "shop.example" or "@shop.example" only, and entry ${wrong + 1} is neither`;
}

/** A single plain address with its domain in ASCII; undefined for all else. */
export function plainAddress(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [pattern] = parsed(value);
  if (pattern?.local === undefined) return undefined;
  return `${pattern.local}@${pattern.domain}`;
}

/** The pattern that a text holds; none when it holds something else. */
function parsed(text: string): Pattern[] {
  const at = text.lastIndexOf('@');
  const before = text.slice(0, Math.max(at, 0));
  const local = before === '' || before === '*' ? undefined : before;
  const domain = asciiDomain(text.slice(at + 1));
  if (!isDomainName(domain) || !isLocalPart(local)) return [];
  return [{ local, domain }];
}

function isLocalPart(local: string | undefined): boolean {
  if (local === undefined) return true;
  return local.length <= MAX_LOCAL_OCTETS && LOCAL_PART.test(local);
}

/** The domain in lower case and ASCII; empty when it can have no such form. */
function asciiDomain(domain: string): string {
  if (/^[\w.-]*$/.test(domain)) return domain.toLowerCase();
  return NOT_IN_DOMAINS.test(domain) ? '' : domainToASCII(domain);
}
