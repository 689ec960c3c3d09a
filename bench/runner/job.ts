import type { Load, Target } from '../contestants/contestant.js';
import type { ContestantName, SenderName } from '../contestants/registry.js';

/** Sends as fast as possible, and says what that cost. */
export interface CostJob {
  readonly kind: 'cost';
  readonly name: ContestantName;
  readonly target: Target;
  readonly load: Load;

  /** Sends under way at a time. */
  readonly inFlight: number;

  /** Messages before the measured ones, for connections and compiler. */
  readonly warmUp: number;

  readonly messages: number;
}

/** What {@link CostJob} gives. */
export interface Cost {
  /** Microseconds of CPU, user and system, for each message. */
  readonly cpuUs: number;

  readonly perSecond: number;

  /** The most memory that the process was seen to have, in bytes. */
  readonly peakRss: number;
}

/** Sends at a steady pace, and says how long each send took. */
export interface PaceJob {
  readonly kind: 'pace';
  readonly name: SenderName;
  readonly target: Target;
  readonly load: Load;
  readonly warmUp: number;
  readonly messages: number;

  /** Milliseconds from one send to the next; 0 sends one after the other. */
  readonly everyMs: number;

  /** Milliseconds without any sends, after each one. */
  readonly restMs: number;
}

/** What {@link PaceJob} gives: milliseconds of each send, in order. */
export interface Pace {
  readonly sendMs: readonly number[];
}

/** Times the queue at several lengths. */
export interface QueueJob {
  readonly kind: 'queue';
  readonly lengths: readonly number[];
  readonly pairs: number;
}

/** What {@link QueueJob} gives: microseconds of one enqueue and one dequeue, for each length. */
export interface QueueTimes {
  readonly own: readonly number[];

  /** The same with `Array#push` and `Array#shift`. */
  readonly array: readonly number[];
}

/** Takes posts of SendGrid's event webhook, and says what that cost. */
export interface WebhookJob {
  readonly kind: 'webhook';

  /** Events in each post. */
  readonly events: number;

  /** Posts before the measured ones. */
  readonly warmUp: number;

  readonly posts: number;
}

/** What {@link WebhookJob} gives. */
export interface WebhookCost {
  /** Microseconds of CPU, user and system, for each post. */
  readonly cpuUs: number;

  readonly perSecond: number;

  /** Whether the process was kept to one core, and what posts to it off that. */
  readonly onOneCore: boolean;

  /** Of these, those that the check of its signature takes. */
  readonly verifyUs: number;

  /** Bytes of one post. */
  readonly bytes: number;

  /** The most memory that the process was seen to have, in bytes. */
  readonly peakRss: number;
}

/** A job and what comes of it. */
export interface Jobs {
  readonly cost: { readonly job: CostJob; readonly result: Cost };
  readonly pace: { readonly job: PaceJob; readonly result: Pace };
  readonly queue: { readonly job: QueueJob; readonly result: QueueTimes };
  readonly webhook: { readonly job: WebhookJob; readonly result: WebhookCost };
}

export type Job = Jobs[keyof Jobs]['job'];
