import type { MailError } from '../errors/mail-error.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { Answered, Job, Verdict } from '../pool/job.js';
import type { Lane } from '../pool/lane.js';
import type { Parcel } from '../pool/parcel.js';
import type { Envelope } from '../smtp/envelope.js';
import type { Reply } from '../smtp/reply.js';
import type { Body } from '../smtp/transaction.js';
import type { OutgoingMail } from './carrier.js';
import { faultBehind } from './account-fault.js';
import { noticingOpen } from './body.js';
import { classifyReply } from './classify-reply.js';
import type { DeliveryLine } from './delivery-line.js';
import { ENDINGS, type Ending } from './ledger.js';
import { tellDeferred, tellSettledLate } from './message-news.js';
import type { Place } from './place.js';
import type { SendReceipt } from './receipt.js';
import { receiptOf } from './receipt-of.js';
import { Recipients } from './recipients.js';
import { phaseOf } from './reply-phase.js';
import {
  concerning,
  expired,
  outcomeUnknown,
  rejection,
  type AboutMail,
} from './verdict-errors.js';

type Accepted = Extract<Verdict, { kind: 'accepted' }>;
type Rejected = Extract<Verdict, { kind: 'rejected' }>;
type Unknown = Extract<Verdict, { kind: 'unknown' }>;

/** How a message ends that was accepted for nobody. */
type Unaccepted = 'rejected' | 'unknown' | 'not-sent';

/** Makes the error of such an end. */
type Failure = (about: AboutMail) => MailError;

/** How long to look again at a message that is too old while it is on the wire. */
const RECHECK_MS = 1000;

/** What a delivery ends in. */
export interface Settler {
  resolve(receipt: SendReceipt): void;
  reject(error: MailError): void;
}

/**
 * One message from the moment it is composed to its one verdict, over as many
 * attempts as its recipients need.
 */
export class Delivery implements Job {
  readonly #mail: OutgoingMail;
  readonly #place: Place;
  readonly #line: DeliveryLine;
  readonly #settler: Settler;
  readonly #cancellation: Cancellation | undefined;
  readonly #recipients: Recipients;
  readonly body: Body;
  readonly queuedAt = performance.now();
  readonly beforeBody?: () => Promise<void>;
  #parcel: Parcel | undefined;
  /** Waits for the next attempt, or for the message to be too old. */
  #timer: NodeJS.Timeout | undefined;
  #attempts = 0;
  /** Attempts that count: answered, or left and unanswered. */
  #tries = 0;
  /** When the first and the latest attempt began, on the monotonic clock. */
  #startedAt = 0;
  #latestAt = 0;
  #heldBefore = 0;
  /** Its content was read, and cannot be had again. */
  #spent = false;
  /** The reply that first took it for somebody. */
  #reply: Reply | undefined;
  /** When it was given up with its dot out. */
  #unknownSince: number | undefined;

  constructor(
    mail: OutgoingMail,
    body: Body,
    place: Place,
    line: DeliveryLine,
    settler: Settler,
    cancellation: Cancellation | undefined,
  ) {
    this.#mail = mail;
    this.body =
      body.kind === 'bytes'
        ? body
        : noticingOpen(body, () => {
            this.#spent = true;
          });
    this.#place = place;
    this.#line = line;
    this.#settler = settler;
    this.#cancellation = cancellation;
    this.#recipients = new Recipients(mail.envelope, mail.addressees);
    if (mail.beforeBody !== undefined) {
      // A throw becomes a rejection: the connection expects no other.
      this.beforeBody = async () => mail.beforeBody?.();
    }
  }

  get lane(): Lane {
    return this.#place.lane;
  }

  get envelope(): Envelope {
    return this.#recipients.envelope;
  }

  get mail(): OutgoingMail {
    return this.#mail;
  }

  /** How often it was offered to the relay. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Whether nothing of it is on a connection, or was taken by the relay before. */
  get waiting(): boolean {
    return this.#isUntouched && this.#isQueued;
  }

  get recalled(): MailError | undefined {
    return this.#isUntouched ? this.#place.recalled : undefined;
  }

  /** Hands itself to the pool. From here on it settles by itself. */
  dispatch(): void {
    this.#place.heldBy(this);
    this.#submit();
    // The pool may have ended it at once.
    if (!this.#place.held) return;
    this.#cancellation?.listen((error) => this.giveUp(error));
  }

  started(): void {
    this.#attempts += 1;
    this.#latestAt = performance.now();
    if (this.#attempts > 1) return;
    this.#startedAt = this.#latestAt;
    this.#heldBefore = this.#line.pool.heldMs;
  }

  ended(verdict: Verdict): void {
    this.#parcel = undefined;
    clearTimeout(this.#timer);
    switch (verdict.kind) {
      case 'accepted':
        this.#onAccepted(verdict);
        break;
      case 'rejected':
        this.#onRejected(verdict);
        break;
      case 'unknown':
        this.#onUnknown(verdict);
        break;
      case 'not-sent':
        this.#finish('not-sent', (about) => concerning(verdict.error, about));
    }
  }

  answeredLate(answer: Answered): void {
    const since = this.#unknownSince;
    if (since === undefined) return;
    const { events } = this.#line;
    tellSettledLate(events, this.#mail, this.lane, answer, since);
  }

  /** Ends it now, as not sent where that is certain. */
  giveUp(error: MailError): void {
    const parcel = this.#parcel;
    this.#parcel = undefined;
    clearTimeout(this.#timer);
    const state =
      parcel === undefined ? 'not-sent' : this.#line.pool.abandon(parcel);
    if (state === 'not-sent') {
      return this.#finish(state, (about) => concerning(error, about));
    }
    this.#unknownSince = performance.now();
    this.#finish(state, (about) => outcomeUnknown(error, about));
  }

  #onAccepted(verdict: Accepted): void {
    this.#reply ??= verdict.reply;
    this.#line.passed(this.#mail, this.#latestAt, 'body');
    this.#recipients.answered(verdict, this.#attempts);
    const { deferral } = this.#recipients;
    if (deferral === undefined) return this.#succeed(this.#reply);
    // Those left open were refused by name, for now.
    const refusal = { reply: deferral, command: 'RCPT TO' };
    this.#tryAgain((about) => rejection(refusal, about));
  }

  #onRejected(verdict: Rejected): void {
    const rule = classifyReply(phaseOf(verdict.command), verdict.reply);
    const step = verdict.command === 'DATA' ? 'body' : 'envelope';
    const fail: Failure = (about) => rejection(verdict, about);
    const accountFault = faultBehind(verdict.reply, rule);
    if (accountFault !== undefined) {
      this.#line.pool.pauseAccount(accountFault, this.#latestAt, step);
      // The message is not to blame: it waits, and costs no attempt.
      return this.#spent ? this.#finish('rejected', fail) : this.#submit();
    }
    const aboutSender = rule.fault.kind === 'sender';
    if (!aboutSender) this.#line.passed(this.#mail, this.#latestAt, step);
    this.#recipients.answered(verdict, this.#attempts);
    if (this.#recipients.settled) this.#finish('rejected', fail);
    else this.#tryAgain(fail);
    if (!aboutSender) return;
    this.#line.refusesSender(this.#mail, verdict.reply, this.#latestAt);
  }

  #onUnknown({ fault, recipients }: Unknown): void {
    this.#recipients.unanswered(this.#attempts, recipients);
    const fail: Failure = (about) => outcomeUnknown(fault, about);
    if (this.#line.retry.resendsUnknown) this.#tryAgain(fail);
    else this.#finish('rejected', fail);
  }

  #tryAgain(fail: Failure): void {
    this.#tries += 1;
    const { retry, events } = this.#line;
    const retryInMs = this.#spent
      ? undefined
      : retry.delayMs(this.#tries, this.lane, this.#ageMs);
    if (retryInMs === undefined) return this.#finish('rejected', fail);
    if (this.recalled !== undefined) return this.giveUp(this.recalled);
    tellDeferred(events, this, this.#recipients.deferral, retryInMs);
    this.#timer = setTimeout(() => this.#submitAgain(), retryInMs);
  }

  #submit(): void {
    if (this.recalled !== undefined) return this.giveUp(this.recalled);
    // What was offered before is older than what waits.
    const where = this.#attempts > 0 ? 'first' : 'last';
    const parcel = this.#line.pool.submit(this, where);
    // It may have ended in there: then nobody watches it any more.
    this.#parcel = this.#place.held ? parcel : undefined;
  }

  #submitAgain(): void {
    this.#submit();
    this.#watchAge();
  }

  /** What was refused once does not wait for ever for its next attempt. */
  #watchAge(): void {
    if (this.#parcel === undefined) return;
    const left = this.#line.retry.maxAgeMs(this.lane) - this.#ageMs;
    if (left <= 0 && this.#isQueued) {
      return this.giveUp(expired(this.#recipients.deferral));
    }
    const ms = Math.max(left, RECHECK_MS);
    this.#timer = setTimeout(() => this.#watchAge(), ms);
    this.#timer.unref();
  }

  /** Whether the relay has taken it for nobody, and was never in doubt about it. */
  get #isUntouched(): boolean {
    return this.#reply === undefined && !this.#recipients.doubted;
  }

  get #isQueued(): boolean {
    return this.#parcel?.waiting ?? true;
  }

  /** Since its first attempt, without what sending was paused for. */
  get #ageMs(): number {
    const heldMs = this.#line.pool.heldMs - this.#heldBefore;
    return performance.now() - this.#startedAt - heldMs;
  }

  #succeed(reply: Reply): void {
    this.#close('accepted');
    const { reservedAt } = this.#place;
    const queuedMs = this.#startedAt - reservedAt;
    this.#settler.resolve(
      receiptOf(this.#mail, reply, this.#recipients.outcomes, {
        attempts: this.#attempts,
        timings: { queuedMs, totalMs: performance.now() - reservedAt },
      }),
    );
  }

  #finish(state: Unaccepted, fail: Failure): void {
    const recipients = this.#recipients;
    recipients.end(state, this.#attempts);
    if (this.#reply !== undefined) return this.#succeed(this.#reply);
    const { mailId } = this.#mail;
    const outcomes = this.#attempts > 0 ? recipients.outcomes : undefined;
    const about = { mailId, recipients: outcomes };
    const error = fail(about);
    const unsure = recipients.doubtful;
    this.#close(unsure ? 'unknown' : ENDINGS[state], error);
    const known = !unsure || error.deliveryState === 'unknown';
    this.#settler.reject(known ? error : outcomeUnknown(error, about));
  }

  #close(ending: Ending, error?: MailError): void {
    this.#cancellation?.dispose();
    this.#place.end(ending, error);
  }
}
