import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Who asks for what. */
export interface Visit {
  readonly method: string;

  /** The other end of the socket. */
  readonly address: string | undefined;

  /** The name that it was asked under, with its port. */
  readonly host: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Who is let in. */
export interface AccessRules {
  readonly allowRemote: boolean;
  readonly allowedHosts: readonly string[];
}

/** Header that whatever changes something has to carry: no page elsewhere can send it. */
const CHANGE_HEADER = 'x-mailbox';

/** Why a request is refused; `undefined` when it is not. */
export function refusalOf(
  visit: Visit,
  rules: AccessRules,
): string | undefined {
  return (
    clientRefusal(visit, rules) ??
    hostRefusal(visit, rules) ??
    originRefusal(visit) ??
    changeRefusal(visit)
  );
}

function clientRefusal(
  { address = '', headers }: Visit,
  { allowRemote }: AccessRules,
): string | undefined {
  if (allowRemote) return undefined;
  // A proxy of this machine speaks for others. What it says lets nobody in.
  const forwarded = [headers['x-forwarded-for'] ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((value) => value.trim());
  return [address, ...forwarded].every(isLoopback)
    ? undefined
    : 'The mailbox answers to clients of its own machine only, unless `allowRemote` is set.';
}

function hostRefusal(
  { host }: Visit,
  { allowRemote, allowedHosts }: AccessRules,
): string | undefined {
  const name = hostNameOf(host);
  // Nobody can point an IP address elsewhere.
  const isAddress = allowRemote && isIP(name) !== 0;
  const isAllowed = allowedHosts.some((one) => one.toLowerCase() === name);
  return isOwnName(name) || isAddress || isAllowed
    ? undefined
    : 'The mailbox does not answer under this host name, unless `allowedHosts` lists it.';
}

function isOwnName(name: string): boolean {
  return (
    name === 'localhost' || name.endsWith('.localhost') || isLoopback(name)
  );
}

function originRefusal({ headers, host }: Visit): string | undefined {
  const { origin } = headers;
  const isOwn =
    origin === undefined || hostOf(origin) === hostOf(`http://${host ?? ''}`);
  const site = headers['sec-fetch-site'];
  // Following a link from elsewhere to the page is fine.
  const isLink =
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document';
  const isForeign = (site === 'cross-site' || site === 'same-site') && !isLink;
  return isOwn && !isForeign
    ? undefined
    : 'The mailbox answers to its own page only, and to no other origin.';
}

function changeRefusal({ method, headers }: Visit): string | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined;
  return headers[CHANGE_HEADER] === undefined
    ? 'What changes the mailbox needs the header `X-Mailbox`, with any value.'
    : undefined;
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const version = isIP(plain);
  if (version === 0) return false;
  return LOOPBACK.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

function hostNameOf(host = ''): string {
  const { hostname = '' } = urlOf(`http://${host}`) ?? {};
  return hostname.replaceAll(/^\[|\]$/g, '');
}

/** Host and port; `null` is the origin of a page that has none. */
function hostOf(url: string): string | undefined {
  return urlOf(url)?.host;
}

function urlOf(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
