import type { MailError } from '../errors/mail-error.js';
import type { AbortResult } from '../smtp/pipeline-host.js';
import { encodeBody } from '../smtp/body-encoder.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';
import type { Envelope } from '../smtp/envelope.js';
import type {
  Body,
  Transaction,
  TransactionOutcome,
} from '../smtp/transaction.js';
import type { Queued } from './dispatch-queue.js';
import type { Job, Verdict } from './job.js';
import type { Lane } from './lane.js';
import type { RateLimiter } from './rate-limiter.js';
import type { Rotation } from './rotation.js';

type Unsent = Extract<TransactionOutcome, { kind: 'unsent' }>;

const NO_JOB: Job = {
  lane: 'normal',
  queuedAt: 0,
  envelope: { from: '', to: [] },
  body: encodeBody(Buffer.alloc(0)),
  started: () => undefined,
  ended: () => undefined,
};

/** Where a parcel goes that left its connection before its dot did. */
export interface ParcelHome {
  takeBack(parcel: Parcel, outcome: Unsent): void;
}

/** A job on its way: waiting, on one connection after another, or over. */
export class Parcel implements Transaction, Queued {
  readonly lane: Lane;

  /** Of its body; 0 for a stream. */
  readonly bytes: number;
  #job: Job;
  readonly #home: ParcelHome;
  readonly queuedAt: number;
  readonly beforeBody?: () => Promise<void>;
  readonly #rate: RateLimiter;
  #holdsSlot = false;
  #connection: SmtpConnection | undefined;
  #rotation: Rotation | undefined;
  #over = false;

  /** How often a connection was lost under it while others did well. */
  losses = 0;

  constructor(job: Job, home: ParcelHome, rate: RateLimiter) {
    this.lane = job.lane;
    this.queuedAt = job.queuedAt;
    this.bytes = job.body.kind === 'bytes' ? job.body.size : 0;
    this.#job = job;
    this.#home = home;
    if (job.beforeBody !== undefined) {
      this.beforeBody = () => this.#job.beforeBody?.() ?? Promise.resolve();
    }
    this.#rate = rate;
  }

  get envelope(): Envelope {
    return this.#job.envelope;
  }

  get body(): Body {
    return this.#job.body;
  }

  /** What it ends with rather than to wait again, if so. */
  get recalled(): MailError | undefined {
    return this.#job.recalled;
  }

  get waiting(): boolean {
    return !this.#over && this.#connection === undefined;
  }

  /** It is being handed to a connection, whose rotation counts it. */
  boards(connection: SmtpConnection, rotation: Rotation): void {
    this.#connection = connection;
    this.#rotation = rotation;
    if (!this.#rate.limited) return;
    this.#rate.hold();
    this.#holdsSlot = true;
  }

  began(): void {
    this.#job.started();
  }

  ended(outcome: TransactionOutcome): void {
    this.#connection = undefined;
    this.#rotation?.ended(outcome);
    if (this.#holdsSlot) this.#rate.giveBack();
    this.#holdsSlot = false;
    if (this.#over) return this.#late(outcome);
    if (outcome.kind === 'unsent') this.#home.takeBack(this, outcome);
    else if (outcome.kind === 'failed') {
      this.settle({ kind: 'not-sent', error: outcome.error });
    } else this.settle(outcome);
  }

  /** Ends it: nothing that still comes from a connection counts. */
  settle(verdict: Verdict): void {
    if (this.#over) return;
    const job = this.#job;
    this.#finish();
    job.ended(verdict);
  }

  /** Takes it back from wherever it is, without a verdict. */
  abandon(): AbortResult {
    const connection = this.#connection;
    this.#finish();
    return connection?.abort(this) ?? 'not-sent';
  }

  // What is written leaves at the end of this turn, and is timed after that.
  leaving(): void {
    if (!this.#holdsSlot) return;
    const connection = this.#connection;
    setImmediate(() => {
      if (!this.#holdsSlot || this.#connection !== connection) return;
      this.#holdsSlot = false;
      this.#rate.leave();
    });
  }

  #late(outcome: TransactionOutcome): void {
    if (outcome.kind === 'accepted' || outcome.kind === 'rejected') {
      this.#job.answeredLate?.(outcome);
    }
  }

  /** Lets go of the message, which may stay in its lane for a while. */
  #finish(): void {
    this.#over = true;
    if (this.#connection === undefined) this.#job = NO_JOB;
  }
}
