import type { Reply } from './reply.js';

/** What the server offers in this session, from its EHLO reply. */
export interface Capabilities {
  readonly pipelining: boolean;
  readonly eightBitMime: boolean;
  readonly starttls: boolean;
  readonly authPlain: boolean;

  /** Whether SIZE is offered at all. */
  readonly size: boolean;

  /** Largest message in bytes; undefined when the server names no limit. */
  readonly maxSize: number | undefined;
}

/** The old form with an equals sign is still about. */
const AUTH_PLAIN = /^AUTH[ =](?:.* )?PLAIN(?: |$)/;

/** Reads an EHLO reply (RFC 5321 section 4.1.1.1); its first line is a greeting. */
export function parseCapabilities(reply: Reply): Capabilities {
  const lines = reply.text.toUpperCase().split('\n').slice(1);
  const keywords = new Set(lines.map((line) => line.split(' ', 1)[0]));
  const size = lines.find((line) => /^SIZE(?: |$)/.test(line));
  const limit = Number(size?.slice('SIZE'.length) ?? 0);
  return {
    pipelining: keywords.has('PIPELINING'),
    eightBitMime: keywords.has('8BITMIME'),
    starttls: keywords.has('STARTTLS'),
    authPlain: lines.some((line) => AUTH_PLAIN.test(line)),
    size: size !== undefined,
    maxSize: Number.isSafeInteger(limit) && limit > 0 ? limit : undefined,
  };
}
