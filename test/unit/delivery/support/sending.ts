import { MemoryUnknownSends } from '../../../../lib/delivery/memory-unknown-sends.js';
import { UnknownSends } from '../../../../lib/delivery/unknown-sends.js';
import { bodyOf } from '../../../../lib/delivery/body.js';
import type { OutgoingMail } from '../../../../lib/delivery/carrier.js';
import { Delivery } from '../../../../lib/delivery/delivery.js';
import { DeliveryLine } from '../../../../lib/delivery/delivery-line.js';
import { Place } from '../../../../lib/delivery/place.js';
import { Places } from '../../../../lib/delivery/places.js';
import type { SendReceipt } from '../../../../lib/delivery/receipt.js';
import { RetryPolicy } from '../../../../lib/delivery/retry-policy.js';
import { SenderPauses } from '../../../../lib/delivery/sender-pauses.js';
import type { MailError } from '../../../../lib/errors/mail-error.js';
import { DEFAULTS } from '../../../../lib/options/defaults.js';
import type { ResolvedRetryOptions } from '../../../../lib/options/resolved-options.js';
import type { MailEvent } from '../../../../lib/events/mail-event.js';
import type { AccountFault } from '../../../../lib/pool/account-fault.js';
import type { Step } from '../../../../lib/pool/account-hold.js';
import type { Cancellation } from '../../../../lib/pool/cancellation.js';
import type { ConnectionPool } from '../../../../lib/pool/connection-pool.js';
import type { Job, Verdict } from '../../../../lib/pool/job.js';
import type { Lane } from '../../../../lib/pool/lane.js';
import { Parcel } from '../../../../lib/pool/parcel.js';
import { RateLimiter } from '../../../../lib/pool/rate-limiter.js';
import type { Body } from '../../../../lib/smtp/transaction.js';
import { telling } from '../../../support/telling.js';

/** What a {@link Sending} is made of, where it matters. */
export interface SendingOptions {
  readonly abandonment?: 'not-sent' | 'unknown';
  readonly cancellation?: Cancellation | undefined;
  readonly mail?: Partial<OutgoingMail>;
  readonly retry?: Partial<ResolvedRetryOptions>;
  readonly lane?: Lane;

  /** The body, where it is not the bytes of the mail. */
  readonly body?: Body;

  readonly listener?: (event: MailEvent) => void;

  /** What the pool does with a submission at once, by its number. */
  readonly onSubmit?: (parcel: Parcel, number: number) => void;

  /** Where in its bounds each random pause lies: at the upper one when left out. */
  readonly random?: () => number;
}

/** One delivery into a pool that does what the test says. */
export class Sending {
  readonly places = new Places(DEFAULTS.queue, () => undefined);
  readonly senders = new SenderPauses();
  readonly delivery: Delivery;
  readonly receipts: SendReceipt[] = [];
  readonly errors: MailError[] = [];
  readonly abandoned: Parcel[] = [];
  readonly faults: AccountFault[] = [];

  /** How far the answers went that spoke well of the account. */
  readonly passed: Step[] = [];

  readonly events: MailEvent[] = [];

  /** Where each submission went. */
  readonly submitted: ('first' | 'last')[] = [];
  readonly place: Place;
  readonly unknownSends = new MemoryUnknownSends();
  readonly unknowns: UnknownSends;
  heldMs = 0;
  job: Job | undefined;
  parcel: Parcel | undefined;

  /** What the pool ends the next submission with at once, if anything. */
  endsAtOnce: Verdict | undefined;
  readonly #options: SendingOptions;

  constructor(options: SendingOptions = {}) {
    this.#options = options;
    const { lane = 'urgent', cancellation, retry, listener } = options;
    const { random = () => 1 } = options;
    const place = this.places.take({ lane, message: {} }, undefined);
    if (!(place instanceof Place)) throw new Error('it has to wait');
    this.place = place;
    const mail = mailWith(options.mail);
    const told = telling();
    this.unknowns = new UnknownSends(told, this.unknownSends);
    told.events.subscribe({
      next: (event) => {
        this.events.push(event);
        listener?.(event);
      },
    });
    const settings = { ...DEFAULTS.retry, ...retry };
    this.delivery = new Delivery(
      mail,
      options.body ?? bodyOf(mail.content),
      place,
      new DeliveryLine(
        this.#pool(),
        new RetryPolicy(settings, random),
        this.senders,
        this.places,
        told,
        { unknowns: this.unknowns },
      ),
      {
        resolve: (receipt) => this.receipts.push(receipt),
        reject: (error) => this.errors.push(error),
      },
      cancellation,
    );
    this.delivery.dispatch();
  }

  /** Whether it has ended. */
  get settled(): boolean {
    return this.receipts.length + this.errors.length > 0;
  }

  /** Begins `attempts` times, then ends. */
  end(verdict: Verdict, attempts = 1): void {
    const { job } = this;
    if (job === undefined) throw new Error('It is not in the pool');
    this.job = undefined;
    for (let i = 0; i < attempts; i += 1) job.started();
    job.ended(verdict);
  }

  #pool(): ConnectionPool {
    const limiter = new RateLimiter(undefined, () => undefined);
    const heldMs = (): number => this.heldMs;
    const stub = {
      get heldMs(): number {
        return heldMs();
      },
      submit: (job: Job, where: 'first' | 'last' = 'last'): Parcel => {
        this.job = job;
        this.submitted.push(where);
        const home = { takeBack: (): void => undefined };
        const parcel = new Parcel(job, home, limiter);
        this.parcel = parcel;
        const ending = this.endsAtOnce;
        if (ending !== undefined) parcel.settle(ending);
        this.#options.onSubmit?.(parcel, this.submitted.length);
        return parcel;
      },
      abandon: (parcel: Parcel): 'not-sent' | 'unknown' => {
        this.abandoned.push(parcel);
        this.job = undefined;
        return this.#options.abandonment ?? 'not-sent';
      },
      pauseAccount: (fault: AccountFault) => void this.faults.push(fault),
      accountPassed: (_: number, step: Step) => void this.passed.push(step),
    };
    // All of a pool that a delivery knows.
    return stub as unknown as ConnectionPool;
  }
}

/** Lets the events get to those who listen. */
export async function toldAll(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function mailWith(overrides: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    messageId: '<1@shop.example>',
    sender: 'hello@shop.example',
    envelope: {
      from: 'hello@shop.example',
      to: ['ada@example.com', 'bob@example.com'],
    },
    content: { kind: 'bytes', bytes: Buffer.from('Hi\r\n') },
    ...overrides,
  };
}
