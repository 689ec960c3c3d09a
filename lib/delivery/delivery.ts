import type { MailError, ReplyInfo } from '../errors/mail-error.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { ConnectionPool } from '../pool/connection-pool.js';
import type { Job, Verdict } from '../pool/job.js';
import type { Lane } from '../pool/lane.js';
import type { Parcel } from '../pool/parcel.js';
import type { Envelope } from '../smtp/envelope.js';
import { isPositive } from '../smtp/reply.js';
import type { Body } from '../smtp/transaction.js';
import type { OutgoingMail } from './carrier.js';
import type { Place } from './place.js';
import type { RecipientOutcome, SendReceipt } from './receipt.js';
import { outcomeUnknown, rejection } from './verdict-errors.js';

const QUEUED_AS = /^Ok: queued as (\S+)/i;

type Accepted = Extract<Verdict, { kind: 'accepted' }>;

/** What a delivery ends in. */
export interface Settler {
  resolve(receipt: SendReceipt): void;
  reject(error: MailError): void;
}

/** One message from the moment it is composed to its one verdict. */
export class Delivery implements Job {
  readonly #mail: OutgoingMail;
  readonly #place: Place;
  readonly #settler: Settler;
  readonly #cancellation: Cancellation | undefined;
  readonly body: Body;
  readonly beforeBody?: () => Promise<void>;
  #parcel: Parcel | undefined;
  #attempts = 0;
  #startedAt = 0;

  constructor(
    mail: OutgoingMail,
    body: Body,
    place: Place,
    settler: Settler,
    cancellation: Cancellation | undefined,
  ) {
    this.#mail = mail;
    this.body = body;
    this.#place = place;
    this.#settler = settler;
    this.#cancellation = cancellation;
    if (mail.beforeBody !== undefined) {
      // A throw becomes a rejection: the connection expects no other.
      this.beforeBody = async () => mail.beforeBody?.();
    }
  }

  get lane(): Lane {
    return this.#place.lane;
  }

  get envelope(): Envelope {
    return this.#mail.envelope;
  }

  /** Hands itself to the pool. From here on it settles by itself. */
  dispatch(pool: ConnectionPool): void {
    const giveUp = (error: MailError): void => this.#giveUp(pool, error);
    this.#place.onRevoked(giveUp);
    this.#parcel = pool.submit(this);
    this.#cancellation?.listen(giveUp);
  }

  started(): void {
    this.#attempts += 1;
    this.#startedAt = performance.now();
  }

  ended(verdict: Verdict): void {
    switch (verdict.kind) {
      case 'accepted':
        this.#close('accepted');
        this.#settler.resolve(this.#receipt(verdict));
        break;
      case 'rejected':
        this.#close('rejected');
        this.#settler.reject(rejection(verdict, this.#mail.mailId));
        break;
      case 'unknown':
        this.#close('unknown');
        this.#settler.reject(outcomeUnknown(verdict.fault, this.#mail.mailId));
        break;
      case 'not-sent':
        this.#close('notSent');
        this.#settler.reject(verdict.error);
    }
  }

  #giveUp(pool: ConnectionPool, error: MailError): void {
    const parcel = this.#parcel;
    const state = parcel === undefined ? 'not-sent' : pool.abandon(parcel);
    if (state === 'not-sent') {
      this.#close('notSent');
      this.#settler.reject(error);
    } else {
      this.#close('unknown');
      this.#settler.reject(outcomeUnknown(error, this.#mail.mailId));
    }
  }

  #close(ending: Parameters<Place['end']>[0]): void {
    this.#cancellation?.dispose();
    this.#place.end(ending);
  }

  #receipt({ reply, recipients }: Accepted): SendReceipt {
    const { messageId, mailId, envelope } = this.#mail;
    const outcomes = envelope.to.map((address, index) =>
      this.#recipient(address, recipients[index]),
    );
    const id = reply.code === 250 ? QUEUED_AS.exec(reply.text)?.[1] : undefined;
    const { reservedAt } = this.#place;
    return {
      messageId,
      envelope: { from: envelope.from, to: [...envelope.to] },
      accepted: addresses(outcomes, 'accepted'),
      rejected: addresses(outcomes, 'rejected'),
      response: `${reply.code} ${reply.text}`,
      ...(id === undefined ? {} : { sendGridId: id }),
      ...(mailId === undefined ? {} : { mailId }),
      recipients: outcomes,
      attempts: this.#attempts,
      timings: {
        queuedMs: this.#startedAt - reservedAt,
        totalMs: performance.now() - reservedAt,
      },
    };
  }

  #recipient(address: string, reply: ReplyInfo | undefined): RecipientOutcome {
    const attempts = this.#attempts;
    if (reply === undefined) return { address, state: 'rejected', attempts };
    const state = isPositive(reply) ? 'accepted' : 'rejected';
    return { address, state, reply, attempts };
  }
}

function addresses(
  outcomes: readonly RecipientOutcome[],
  state: RecipientOutcome['state'],
): string[] {
  return outcomes
    .filter((one) => one.state === state)
    .map((one) => one.address);
}
