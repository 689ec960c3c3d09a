import { randomBytes } from 'node:crypto';
import { FakeSendGridError } from './fake-sendgrid.error.js';

/** A line of the EHLO reply that can be left out. */
export type Capability =
  'PIPELINING' | 'SIZE' | '8BITMIME' | 'STARTTLS' | 'AUTH';

/** What a fake relay can be told at start. */
export interface FakeSendGridOptions {
  /**
   * Port on 127.0.0.1; 0 takes a free one.
   *
   * @defaultValue 0
   */
  readonly port?: number;

  /**
   * `starttls` as on SendGrid's ports 587, 2525 and 25, `implicit` as on 465,
   * `none` without any TLS.
   *
   * @defaultValue 'starttls'
   */
  readonly security?: 'starttls' | 'implicit' | 'none';

  /**
   * The key or keys that AUTH accepts.
   *
   * @defaultValue a new random key of SendGrid's shape
   */
  readonly apiKey?: string | readonly string[];

  /**
   * MAIL commands that one connection may send, whatever their fate.
   *
   * @defaultValue 5000
   */
  readonly messagesPerConnection?: number;

  /**
   * What happens at that cap; SendGrid documents none of it.
   *
   * - `reply-421`: the first MAIL above it is answered with a 421, and the
   *   connection closed.
   * - `close-at-mail`: the connection is closed at that MAIL without a reply.
   * - `close-after-dot`: the last message below it is accepted and answered,
   *   and the connection then closed without a further word.
   *
   * @defaultValue 'reply-421'
   */
  readonly atCap?: 'reply-421' | 'close-at-mail' | 'close-after-dot';

  /**
   * Connections at the same time. Whatever is above is greeted with a 421 and
   * closed. One counts until it was sent a 221 or has left.
   *
   * @defaultValue 10000
   */
  readonly maxConnections?: number;

  /**
   * Largest message in bytes, as offered in SIZE.
   *
   * @defaultValue 31457280
   */
  readonly size?: number;

  /**
   * Lines to leave out of the EHLO reply.
   *
   * @defaultValue []
   */
  readonly hide?: readonly Capability[];

  /**
   * Addresses and domains that the From header must match; any when absent.
   */
  readonly verifiedSenders?: readonly string[];

  /**
   * Delay of every reply in milliseconds; the replies to one group of commands
   * arrive together, as over a network with that round trip.
   *
   * @defaultValue 0
   */
  readonly latencyMs?: number;

  /**
   * Idle time in milliseconds after which a connection is sent a 421.
   *
   * @defaultValue 300000
   */
  readonly idleTimeoutMs?: number;

  /**
   * How many of the newest messages `messages` keeps at least; 0 keeps none.
   *
   * @defaultValue Infinity
   */
  readonly keepMessages?: number;

  /**
   * Whether messages are parsed, before they are answered. Without parsing a
   * soak test runs several times as fast.
   *
   * @defaultValue true
   */
  readonly parse?: boolean;
}

/** The options with every default applied. */
export type ResolvedFakeOptions = Required<
  Omit<FakeSendGridOptions, 'apiKey' | 'verifiedSenders'>
> & {
  /** Keys that AUTH accepts at first. */
  readonly apiKeys: readonly string[];
  readonly verifiedSenders: readonly string[] | undefined;
};

const DEFAULTS = {
  port: 0,
  security: 'starttls',
  messagesPerConnection: 5000,
  atCap: 'reply-421',
  maxConnections: 10_000,
  size: 31_457_280,
  hide: [],
  latencyMs: 0,
  idleTimeoutMs: 300_000,
  keepMessages: Infinity,
  parse: true,
} as const;

/** Applies the defaults. */
export function resolveFakeOptions(
  options: FakeSendGridOptions,
): ResolvedFakeOptions {
  const { apiKey: given = randomApiKey(), verifiedSenders, ...rest } = options;
  const apiKeys = typeof given === 'string' ? [given] : [...given];
  if (apiKeys.length === 0) {
    throw new FakeSendGridError(
      'INVALID_OPTIONS',
      '`apiKey` of FakeSendGrid.start is an empty list. Give at least one key, or leave it out.',
    );
  }
  return {
    ...DEFAULTS,
    ...rest,
    apiKeys,
    verifiedSenders: verifiedSenders?.map((sender) => sender.toLowerCase()),
  };
}

/** A new random key of SendGrid's shape. */
export function randomApiKey(): string {
  const id = randomBytes(16).toString('base64url');
  return `SG.${id}.${randomBytes(32).toString('base64url')}`;
}
