import { isIP } from 'node:net';

import {
  isDomainName,
  isHostName,
  isIpLiteral,
  isLoopback,
} from './host-name.js';

const STARTTLS_PORTS = new Set<unknown>([25, 587, 2525]);

/** Says what is wrong with the relay's host, or nothing. */
export function hostProblem(host: unknown): string | undefined {
  if (typeof host !== 'string' || host === '')
    return 'must be a host name, {got}';
  if (isIP(host) !== 0 && isLoopback(host)) return undefined;
  if (isIpLiteral(host.replace(/^\[(.*)\]$/, '$1')))
    return "must be a host name, not an IP address, {got}: SendGrid's addresses change without notice (loopback addresses are allowed, without brackets)";
  return isHostName(host)
    ? undefined
    : 'must be a host name alone, without scheme, port, path or blanks (an international name as its xn-- form), {got}';
}

/** Says why the protection does not fit port and host, or nothing. */
export function securityProblem(
  security: unknown,
  port: unknown,
  host: string,
): string | undefined {
  if (security === 'none') {
    return isLoopback(host)
      ? undefined
      : 'must not be "none" unless `host` is loopback (127.0.0.0/8, ::1, localhost): the API key would cross the network in the clear';
  }
  if (security === 'starttls' && port === 465)
    return 'must be "implicit" on port 465, {got}: SendGrid expects TLS from the first byte there; leave `security` out, or use port 587';
  if (security === 'implicit' && STARTTLS_PORTS.has(port))
    return `must be "starttls" on port ${String(port)}, {got}: SendGrid greets in plain text there; leave \`security\` out, or use port 465`;
  return security === 'starttls' || security === 'implicit'
    ? undefined
    : 'must be one of "starttls", "implicit", "none", {got}';
}

/** Says what is wrong with the name given to EHLO, or nothing. */
export function ehloNameProblem(name: unknown): string | undefined {
  const literal =
    typeof name === 'string' ? /^\[(IPv6:)?(.+)\]$/i.exec(name) : null;
  const version = literal?.[1] === undefined ? 4 : 6;
  const sound =
    literal === null
      ? typeof name === 'string' && isDomainName(name)
      : isIP(literal[2] ?? '') === version;
  return sound
    ? undefined
    : 'must be a domain name or an address in brackets such as "[192.0.2.1]", {got}';
}
