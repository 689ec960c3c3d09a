import type { MailError } from '../errors/mail-error.js';
import type { NamedMail } from '../options/unknown-send-store.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { Answered, Job, Verdict } from '../pool/job.js';
import type { Lane } from '../pool/lane.js';
import type { Parcel } from '../pool/parcel.js';
import type { Envelope } from '../smtp/envelope.js';
import type { Reply } from '../smtp/reply.js';
import type { Body } from '../smtp/transaction.js';
import type { OutgoingMail } from './carrier.js';
import { Attempts } from './attempts.js';
import { noticingOpen } from './body.js';
import type { DeliveryLine } from './delivery-line.js';
import { failureOf, type Failure, type Unaccepted } from './failure.js';
import type { Ending } from './ledger.js';
import { tellDeferred } from './message-news.js';
import type { Place } from './place.js';
import { effortOf, receiptOf } from './receipt-of.js';
import { Recipients } from './recipients.js';
import type { Settler } from './settler.js';
import { Uncertainty } from './uncertainty.js';
import {
  concerning,
  expired,
  outcomeUnknown,
  rejection,
} from './verdict-errors.js';

type VerdictOf<Kind> = Extract<Verdict, { kind: Kind }>;

/** How long to look again at a message that is too old while it is on the wire. */
const RECHECK_MS = 1000;

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
  readonly #attempts: Attempts;
  /** Its content was read, and cannot be had again. */
  #spent = false;
  /** Made once an attempt may have been accepted without a reply. */
  #uncertainty: Uncertainty | undefined;

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
    this.#attempts = new Attempts(line.pool);
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
    return this.#attempts.count;
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
    this.#attempts.begin();
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
    this.#uncertainty?.answeredLate(answer);
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
    this.#unsure.givenUp();
    this.#finish(state, (about) => outcomeUnknown(error, about));
  }

  #onAccepted(verdict: VerdictOf<'accepted'>): void {
    this.#line.passed(this.#mail, this.#attempts.latestAt, 'body');
    this.#recipients.answered(verdict, this.#attempts.count);
    this.#afterAccepted(this.#recipients.reply ?? verdict.reply);
  }

  #afterAccepted(reply: Reply): void {
    const { deferral } = this.#recipients;
    if (deferral === undefined) return this.#succeed(reply);
    // Those left open were refused by name, for now.
    const refusal = { reply: deferral, command: 'RCPT TO' };
    this.#tryAgain((about) => rejection(refusal, about));
  }

  #onRejected(verdict: VerdictOf<'rejected'>): void {
    const fail: Failure = (about) => rejection(verdict, about);
    const { count, latestAt } = this.#attempts;
    const fault = this.#line.refused(this.#mail, verdict, latestAt);
    if (fault === 'account') {
      // The message is not to blame: it waits, and costs no attempt.
      return this.#spent ? this.#finish('rejected', fail) : this.#submit();
    }
    this.#recipients.answered(verdict, count);
    if (this.#recipients.settled) this.#finish('rejected', fail);
    else this.#tryAgain(fail);
    if (fault !== 'sender') return;
    this.#line.refusesSender(this.#mail, verdict.reply, latestAt);
  }

  #onUnknown({ fault, recipients }: VerdictOf<'unknown'>): void {
    this.#recipients.unanswered(this.#attempts.count, recipients);
    const fail: Failure = (about) => outcomeUnknown(fault, about);
    const { named } = this.#unsure;
    if (named !== undefined) return this.#settleBy(named);
    const { onUnknown } = this.#line.retry;
    if (onUnknown === 'retry') this.#tryAgain(fail);
    else if (onUnknown === 'reconcile') this.#waitForEvent(fail);
    else this.#finish('rejected', fail);
  }

  /**
   * Events name the message: SendGrid has taken it. Where an attempt is on the
   * wire, its reply is waited for first.
   *
   * @returns whether that has settled it
   */
  confirm(events: readonly NamedMail[]): boolean {
    // What is told of a recipient whose fate is known says nothing of others.
    const by = events.find((one) => this.#recipients.isOpen(one.recipient));
    if (by === undefined) return false;
    this.#unsure.named = by;
    if (!this.#recipients.doubted || !this.#isQueued) return false;
    if (this.#parcel !== undefined) this.#line.pool.abandon(this.#parcel);
    this.#settleBy(by);
    return true;
  }

  #waitForEvent(fail: Failure): void {
    this.#unsure.wait(this.#recipients.inDoubt, {
      confirm: (by) => this.#settleBy(by),
      heardNothing: () => {
        this.#attempts.waited(this.#unsure.endWait());
        this.#tryAgain(fail);
      },
    });
  }

  /** Nothing of it is on the wire, and it was taken after all. */
  #settleBy(by: NamedMail): void {
    this.#parcel = undefined;
    clearTimeout(this.#timer);
    this.#unsure.endWait();
    this.#afterAccepted(this.#recipients.confirmed(by, this.#attempts.count));
  }

  #tryAgain(fail: Failure): void {
    this.#attempts.tries += 1;
    const { retry, events } = this.#line;
    const retryInMs = this.#spent
      ? undefined
      : retry.delayMs(this.#attempts.tries, this.lane, this.#attempts.ageMs);
    if (retryInMs === undefined) return this.#finish('rejected', fail);
    if (this.recalled !== undefined) return this.giveUp(this.recalled);
    tellDeferred(events, this, this.#recipients.deferral, retryInMs);
    this.#timer = setTimeout(() => {
      this.#submit();
      this.#watchAge();
    }, retryInMs);
  }

  #submit(): void {
    if (this.recalled !== undefined) return this.giveUp(this.recalled);
    // What was offered before is older than what waits.
    const where = this.#attempts.count > 0 ? 'first' : 'last';
    const parcel = this.#line.pool.submit(this, where);
    // It may have ended in there: then nobody watches it any more.
    this.#parcel = this.#place.held ? parcel : undefined;
  }

  /** What was refused once does not wait for ever for its next attempt. */
  #watchAge(): void {
    if (this.#parcel === undefined) return;
    const left = this.#line.retry.maxAgeMs(this.lane) - this.#attempts.ageMs;
    if (left <= 0 && this.#isQueued) {
      return this.giveUp(expired(this.#recipients.deferral));
    }
    const ms = Math.max(left, RECHECK_MS);
    this.#timer = setTimeout(() => this.#watchAge(), ms);
    this.#timer.unref();
  }

  /** Whether the relay has taken it for nobody, and was never in doubt about it. */
  get #isUntouched(): boolean {
    return !this.#recipients.doubted && this.#recipients.reply === undefined;
  }

  get #isQueued(): boolean {
    return this.#parcel?.waiting ?? true;
  }

  /** How uncertain its outcome is, once it is. */
  get #unsure(): Uncertainty {
    this.#uncertainty ??= new Uncertainty(this.#mail, this.lane, this.#line);
    return this.#uncertainty;
  }

  #succeed(reply: Reply): void {
    this.#close('accepted');
    const { outcomes } = this.#recipients;
    const effort = effortOf(this.#attempts, this.#place.reservedAt);
    this.#settler.resolve(receiptOf(this.#mail, reply, outcomes, effort));
  }

  #finish(state: Unaccepted, fail: Failure): void {
    const recipients = this.#recipients;
    const { count } = this.#attempts;
    recipients.end(state, count);
    const named = this.#uncertainty?.named;
    if (named !== undefined) recipients.confirmed(named, count);
    if (recipients.reply !== undefined) return this.#succeed(recipients.reply);
    const failure = failureOf(state, fail, this.#mail, recipients, count);
    this.#close(failure.ending, failure.error);
    this.#settler.reject(failure.error);
  }

  #close(ending: Ending, error?: MailError): void {
    this.#cancellation?.dispose();
    this.#uncertainty?.over(this.#recipients);
    this.#place.end(ending, error);
  }
}
