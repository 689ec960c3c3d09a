import { DEFAULTS } from './defaults.js';
import { OptionGroup } from './option-group.js';
import type { Pipelining, ResolvedPoolOptions } from './resolved-options.js';
import { Rule } from './rule.js';
import { Milliseconds, OneOf, Whole } from './rules.js';

/** Bounds of the connection pool. */
export interface SendGridSmtpPoolOptions {
  /**
   * Connections open at once, those being set up included: 1 to 10,000,
   * SendGrid's documented limit for one server. Each takes an open file: where
   * the process may open too few, fewer are used, and a log line says so.
   *
   * @defaultValue 10
   */
  readonly maxConnections?: number | undefined;

  /**
   * Connections kept open while idle: 0 to `maxConnections`.
   *
   * @defaultValue 0
   */
  readonly minConnections?: number | undefined;

  /**
   * Messages after which a connection is replaced: 1 to 5,000, SendGrid's
   * documented limit. Every message handed to a connection counts, whatever
   * its fate. Fewer are given to it where the relay is seen, again and again,
   * to end connections earlier.
   *
   * @defaultValue 5000
   */
  readonly maxMessagesPerConnection?: number | undefined;

  /**
   * Connections being set up at once, at least 1.
   *
   * @defaultValue 8
   */
  readonly maxConnecting?: number | undefined;

  /**
   * Milliseconds after which an idle connection is closed with QUIT.
   *
   * @defaultValue 30000
   */
  readonly idleTimeoutMs?: number | undefined;

  /**
   * Milliseconds after which a connection is replaced, busy or not.
   *
   * @defaultValue 600000
   */
  readonly maxLifetimeMs?: number | undefined;

  /**
   * How commands are grouped on the wire: `off`, `envelope` (2 round trips a
   * message), `oneflight` (1), or `auto`, which finds out what the relay
   * answers well. Never used when the relay does not offer PIPELINING, and a
   * forced mode, too, gives way when the relay refuses it. Both forced modes
   * send AUTH and a first envelope in one write, `auto` once the relay has
   * answered that well, `off` never.
   *
   * @defaultValue 'auto'
   */
  readonly pipelining?: Pipelining | undefined;
}

/** Validates {@link SendGridSmtpPoolOptions}. */
export class PoolOptions extends OptionGroup implements ResolvedPoolOptions {
  @Whole(1, 10_000, "SendGrid's documented limit for one server")
  readonly maxConnections = DEFAULTS.pool.maxConnections;

  @Rule(notAboveMaxConnections)
  readonly minConnections = DEFAULTS.pool.minConnections;

  @Whole(1, 5000, "SendGrid's documented limit for one connection")
  readonly maxMessagesPerConnection = DEFAULTS.pool.maxMessagesPerConnection;

  @Whole(1)
  readonly maxConnecting = DEFAULTS.pool.maxConnecting;

  @Milliseconds()
  readonly idleTimeoutMs = DEFAULTS.pool.idleTimeoutMs;

  @Milliseconds()
  readonly maxLifetimeMs = DEFAULTS.pool.maxLifetimeMs;

  @OneOf('auto', 'envelope', 'oneflight', 'off')
  readonly pipelining = DEFAULTS.pool.pipelining;
}

function notAboveMaxConnections(
  value: unknown,
  group: object,
): string | undefined {
  const ceiling = group instanceof PoolOptions ? group.maxConnections : 0;
  // An invalid maxConnections is its own problem and bounds nothing.
  const max = Number.isInteger(ceiling) && ceiling >= 1 ? ceiling : Infinity;
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max
    ? undefined
    : 'must be a whole number from 0 to `maxConnections`, {got}';
}
