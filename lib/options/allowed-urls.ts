import { isHostName, isIpLiteral } from './host-name.js';

const ENTRY = /^(?:(https?):\/\/)?(\*\.)?([^\s/\\?#@%*]+)$/i;

interface Entry {
  readonly origin: URL;
  readonly withSubdomains: boolean;
}

/**
 * A list of hosts (`cdn.shop.example`), of all sub-domains of a domain
 * (`*.shop.example`), with a port where it is not the usual one
 * (`cdn.shop.example:8443`). They stand for https, unless an entry begins
 * with `http://`.
 */
export class AllowedUrls {
  readonly #origins = new Set<string>();
  readonly #domains: URL[] = [];

  /** Takes entries that {@link allowedUrlsProblem} finds nothing wrong with. */
  constructor(entries: readonly string[]) {
    for (const { origin, withSubdomains } of entries.flatMap(parsed)) {
      if (withSubdomains) this.#domains.push(origin);
      else this.#origins.add(origin.origin);
    }
  }

  /** Tells whether the list holds the scheme, host and port of a URL. */
  matches(url: URL): boolean {
    return (
      this.#origins.has(url.origin) ||
      this.#domains.some(
        ({ protocol, hostname, port }) =>
          url.protocol === protocol &&
          url.port === port &&
          url.hostname.endsWith(`.${hostname}`),
      )
    );
  }
}

/** Says what is wrong with a list of hosts, or nothing. */
export function allowedUrlsProblem(list: unknown): string | undefined {
  if (!Array.isArray(list)) return 'must be a list of hosts, {got}';
  const wrong = list.findIndex(
    (one) => typeof one !== 'string' || parsed(one).length === 0,
  );
  return wrong === -1
    ? undefined
    : `must hold hosts such as "cdn.shop.example", "cdn.shop.example:8443", "*.shop.example" or "http://assets.shop.example" only, and entry ${wrong + 1} is none`;
}

/** The entry that a text holds; none when it holds something else. */
function parsed(text: string): Entry[] {
  const [, scheme = 'https', wildcard, host = ''] = ENTRY.exec(text) ?? [];
  const withSubdomains = wildcard !== undefined;
  const origin = parsedUrl(`${scheme}://${host}`);
  if (origin === undefined) return [];
  const name = origin.hostname.replace(/^\[(.*)\]$/, '$1');
  const isDomain = isHostName(name) && name.includes('.');
  const fits = withSubdomains
    ? isDomain
    : isHostName(name) || isIpLiteral(name);
  return fits ? [{ origin, withSubdomains }] : [];
}

function parsedUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
