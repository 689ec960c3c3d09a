import type {
  ResolvedPoolOptions,
  ResolvedQueueOptions,
  ResolvedRetryOptions,
  ResolvedTimeouts,
} from './resolved-options.js';

interface Defaults {
  readonly port: number;
  readonly ehloName: string;
  readonly maxMessageBytes: number;
  readonly shutdownTimeoutMs: number;
  readonly maxTenants: number;
  readonly urlTimeoutMs: number;
  readonly pool: ResolvedPoolOptions;
  readonly queue: ResolvedQueueOptions;
  readonly retry: ResolvedRetryOptions;
  readonly timeouts: ResolvedTimeouts;
}

/** The value of every option with a default that is a bound or a name. */
export const DEFAULTS: Defaults = Object.freeze({
  port: 587,
  ehloName: '[127.0.0.1]',
  maxMessageBytes: 31_457_280,
  shutdownTimeoutMs: 10_000,
  maxTenants: 100,
  urlTimeoutMs: 10_000,
  pool: Object.freeze({
    maxConnections: 10,
    minConnections: 0,
    maxMessagesPerConnection: 5000,
    maxConnecting: 8,
    idleTimeoutMs: 30_000,
    maxLifetimeMs: 600_000,
    pipelining: 'auto',
  }),
  queue: Object.freeze({
    maxMessages: 10_000,
    maxBytes: 67_108_864,
    maxStreamBytes: 1_048_576,
    whenFull: 'reject',
    failFastAfterMs: 5000,
  }),
  retry: Object.freeze({
    maxAttempts: 5,
    baseDelayMs: 1000,
    maxDelayMs: 60_000,
    maxAgeMs: Object.freeze({ urgent: 30_000, normal: 30_000, bulk: 300_000 }),
    maxHoldMs: 3_600_000,
    onUnknown: 'fail',
    reconcileMs: 300_000,
  }),
  timeouts: Object.freeze({
    connectMs: 10_000,
    greetingMs: 30_000,
    commandMs: 60_000,
    acceptMs: 600_000,
  }),
});
