import type { PlatformReply } from './platform.js';

/** What every answer says: whose it is, and that nothing is to be made of it. */
const COMMON = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
};

const NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** One answer of the mailbox. */
export interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Writes an answer as it is: no interceptor of the application is to wrap it,
 * and no view engine to render it.
 */
export function respond(
  reply: PlatformReply,
  { status = 200, type, body, headers = {} }: Answer,
): void {
  const all = {
    ...COMMON,
    'Content-Security-Policy': NOTHING,
    'X-Frame-Options': 'DENY',
    'Content-Type': type,
    ...headers,
  };
  reply.status(status);
  for (const [name, value] of Object.entries(all)) reply.header(name, value);
  reply.send(Buffer.from(body));
}

/** Answers with JSON. */
export function respondJson(reply: PlatformReply, value: unknown): void {
  const body = JSON.stringify(value);
  respond(reply, { type: 'application/json; charset=utf-8', body });
}
