import type { AbortResult } from '../smtp/pipeline-host.js';
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

type Unsent = Extract<TransactionOutcome, { kind: 'unsent' }>;

/** A job on its way: waiting, on one connection after another, or over. */
export class Parcel implements Transaction, Queued {
  readonly #job: Job;
  readonly #comeBack: (parcel: Parcel, outcome: Unsent) => void;
  readonly queuedAt = performance.now();
  readonly beforeBody?: () => Promise<void>;
  #connection: SmtpConnection | undefined;
  #over = false;

  /** How often it was handed to a connection. */
  tries = 0;

  constructor(job: Job, comeBack: (parcel: Parcel, outcome: Unsent) => void) {
    this.#job = job;
    this.#comeBack = comeBack;
    if (job.beforeBody !== undefined) {
      this.beforeBody = () => job.beforeBody?.() ?? Promise.resolve();
    }
  }

  get lane(): Lane {
    return this.#job.lane;
  }

  get envelope(): Envelope {
    return this.#job.envelope;
  }

  get body(): Body {
    return this.#job.body;
  }

  get waiting(): boolean {
    return !this.#over && this.#connection === undefined;
  }

  /** It is being handed to a connection. */
  boards(connection: SmtpConnection): void {
    this.#connection = connection;
    this.tries += 1;
  }

  began(): void {
    this.#job.started();
  }

  ended(outcome: TransactionOutcome): void {
    this.#connection = undefined;
    if (this.#over) return;
    if (outcome.kind === 'unsent') this.#comeBack(this, outcome);
    else if (outcome.kind === 'failed') {
      this.settle({ kind: 'not-sent', error: outcome.error });
    } else this.settle(outcome);
  }

  /** Ends it: nothing that still comes from a connection counts. */
  settle(verdict: Verdict): void {
    if (this.#over) return;
    this.#over = true;
    this.#job.ended(verdict);
  }

  /** Takes it back from wherever it is, without a verdict. */
  abandon(): AbortResult {
    this.#over = true;
    return this.#connection?.abort(this) ?? 'not-sent';
  }
}
