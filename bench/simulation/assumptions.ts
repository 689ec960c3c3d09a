import {
  DEFAULT_MAX_BYTES,
  encodeJob,
} from '../../lib/outbox/job/encode-job.js';
import { eraseJob } from '../../lib/outbox/job/stored-job.js';

/** Seconds of a round trip to the relay, and of its mean time to accept. */
export const ROUND_TRIP = 0.08;
export const ACCEPT = 0.04;

/** How long a connection is taken by one message on average. */
export const HOLD = ROUND_TRIP + ACCEPT;

/** SendGrid's limits: of a connection, and of connections from one server. */
export const CAP = 5000;
export const MOST_CONNECTIONS = 10_000;

/** Seconds from nothing to a connection that can send: 8 round trips. */
export const SET_UP = 8 * ROUND_TRIP;

/** The rate of the busiest hour by the mean rate of the day. */
export const PEAK = 4;

/** Of the connections, how many are busy at the peak. */
export const LOAD = 0.7;

/**
 * Messages a second that one worker process carries: one worker over Redis in
 * docs/benchmarks-outbox.md, rounded down.
 */
export const WORKER_RATE = 900;

/** The lanes' parts of all messages. */
export const SHARES = { urgent: 0.05, normal: 0.65, bulk: 0.3 } as const;

/**
 * What Redis takes for a job beyond its data (id, options, times, places in
 * lists, what its allocator rounds up), with a body and without. Measured with
 * Redis 7.0.15 and BullMQ 6.7.0 over 20,000 jobs.
 */
const BYTES_BESIDE = 1250;
const BYTES_BESIDE_ERASED = 910;

const HTML = '<p class="x">Hello Ada</p>\n'.repeat(52);
const job = encodeJob(
  {
    from: 'Shop <hello@shop.example>',
    to: 'ada@example.com',
    subject: 'Your order',
    text: 'Hello Ada, '.repeat(60),
    html: HTML,
  },
  { jobId: 'm-1', environment: 'production', lane: 'normal' },
  { maxBytes: DEFAULT_MAX_BYTES },
);

/** Bytes in Redis of a waiting job of 2 KB, and of one that was erased. */
export const JOB_BYTES = JSON.stringify(job).length + BYTES_BESIDE;
export const ERASED_BYTES =
  JSON.stringify(eraseJob(job)).length + BYTES_BESIDE_ERASED;

/** Connections that a rate needs at that load. */
export function connectionsFor(
  perSecond: number,
  hold = HOLD,
  load = LOAD,
): number {
  return Math.ceil((perSecond * hold) / load);
}
