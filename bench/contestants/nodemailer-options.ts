import { KEY, type Target } from './contestant.js';

/**
 * nodemailer's pool at its fastest: connections are never replaced, and what
 * it asks DNS for is none.
 */
export function nodemailerOptions(target: Target): NodemailerPoolOptions {
  const { host, port, security, ca, connections, cap, idleMs } = target;
  return {
    pool: true,
    host,
    port,
    secure: security === 'implicit',
    ignoreTLS: security === 'none',
    requireTLS: security === 'starttls',
    auth: { user: 'apikey', pass: KEY },
    maxConnections: connections,
    maxMessages: cap ?? Infinity,
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(idleMs === undefined ? {} : { idleTimeout: idleMs }),
  };
}

interface NodemailerPoolOptions {
  readonly pool: true;
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly ignoreTLS: boolean;
  readonly requireTLS: boolean;
  readonly auth: { readonly user: string; readonly pass: string };
  readonly maxConnections: number;
  readonly maxMessages: number;
  readonly tls?: { readonly ca: string };
  readonly idleTimeout?: number;
}
