import { BlockList, isIP } from 'node:net';

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;
const NUMBER = /^(?:\d+|0x[0-9a-f]*)$/i;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Tells whether a text can be the ASCII name of a host. */
export function isHostName(text: string): boolean {
  return (
    text.length <= 253 &&
    text.split('.').every((label) => LABEL.test(label)) &&
    !isIpLiteral(text)
  );
}

/** Tells whether a text is a domain name, which has no underscores. */
export function isDomainName(text: string): boolean {
  return !text.includes('_') && isHostName(text);
}

/**
 * Tells whether a resolver would read a host as an address: IPv4, IPv6, and
 * the short and hexadecimal forms such as `127.1`.
 */
export function isIpLiteral(host: string): boolean {
  return isIP(host) !== 0 || NUMBER.test(host.split('.').at(-1) ?? '');
}

/** Tells whether a host is 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
