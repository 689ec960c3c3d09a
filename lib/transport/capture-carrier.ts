import { buffer } from 'node:stream/consumers';
import type { MailMessageData } from 'nodemailer';
import type { Carrier, OutgoingMail } from '../delivery/carrier.js';
import type { Ending } from '../delivery/ledger.js';
import { Place } from '../delivery/place.js';
import { Places } from '../delivery/places.js';
import { purge } from '../delivery/purge.js';
import type { SendReceipt } from '../delivery/receipt.js';
import type { Reservation } from '../delivery/reservation.js';
import { Shutdown } from '../delivery/shutdown.js';
import type { MailStats } from '../delivery/stats.js';
import type { Submission } from '../delivery/submission.js';
import { tellFailed, tellQueued, tellSent } from '../delivery/message-news.js';
import type { MailError } from '../errors/mail-error.js';
import type { EventHub } from '../events/event-hub.js';
import type { Telling } from '../events/telling.js';
import { asInvalidMessage } from '../message/invalid-message.js';
import type { DrainReport, UnsentMail } from '../options/drain-report.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { Lane } from '../pool/lane.js';
import { captureReceipt } from './capture-receipt.js';
import { capturedMail, type CapturedMail } from './captured-mail.js';
import { scriptedError, type ScriptedFailure } from './scripted-failure.js';

/** How many of the newest messages are kept. */
const KEPT = 1000;

const NO_LANE = { messages: 0, bytes: 0, oldestMs: 0 };

/**
 * Carries messages nowhere: mode `capture` keeps the newest 1,000 in memory,
 * mode `discard` none.
 */
export class CaptureCarrier implements Carrier {
  readonly #options: ResolvedOptions;
  readonly #events: EventHub;
  readonly #places: Places;
  readonly #shutdown: Shutdown;
  readonly #fields = new WeakMap<OutgoingMail, MailMessageData>();
  readonly #failures: MailError[] = [];
  #kept: CapturedMail[] = [];
  /** Why mail is held back, and what lets each go on. */
  #reason: string | undefined;
  #held: (() => void)[] = [];

  constructor(options: ResolvedOptions, { events }: Telling) {
    this.#options = options;
    this.#events = events;
    this.#places = new Places(options.queue, () => this.#shutdown.settled());
    this.#shutdown = new Shutdown(this.#places, events);
  }

  /** The messages kept, oldest first. */
  sent(): readonly CapturedMail[] {
    return [...this.#kept];
  }

  /** Makes the next send that is not scripted yet fail. */
  failNext(failure: ScriptedFailure): void {
    this.#failures.push(scriptedError(failure));
  }

  /** Forgets the messages kept and the failures scripted. */
  clear(): void {
    this.#kept = [];
    this.#failures.length = 0;
  }

  /** Notes the fields that a message about to be carried was composed from. */
  describe(mail: OutgoingMail, fields: MailMessageData): void {
    this.#fields.set(mail, fields);
  }

  reserve(submission: Submission): Reservation | Promise<Reservation> {
    return this.#places.take(submission, this.#shutdown.refusal);
  }

  async carry(
    mail: OutgoingMail,
    reservation: Reservation,
    cancellation?: Cancellation,
  ): Promise<SendReceipt> {
    const place = Place.of(reservation);
    const { lane } = place;
    tellQueued(this.#events, mail, lane);
    try {
      await this.#whenResumed(mail, place, cancellation);
      const raw = await read(mail, place, cancellation);
      const failure = this.#failures.shift();
      if (failure !== undefined) throw failure;
      this.#keep(mail, raw);
      place.end('accepted');
      const receipt = captureReceipt(mail, place.reservedAt);
      tellSent(this.#events, receipt, lane);
      return receipt;
    } catch (thrown) {
      const error = asInvalidMessage(thrown);
      const ending = endingOf(error);
      place.end(ending);
      const attempts = ending === 'notSent' ? 0 : 1;
      tellFailed(this.#events, error, lane, mail, attempts);
      throw error;
    }
  }

  verify(): Promise<void> {
    return Promise.resolve();
  }

  noop(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  stats(): MailStats {
    const { ledger, admission } = this.#places;
    return {
      connections: { open: 0, connecting: 0, busy: 0, idle: 0 },
      queue: {
        messages: admission.messages,
        bytes: 0,
        byLane: { urgent: NO_LANE, normal: NO_LANE, bulk: NO_LANE },
      },
      totals: ledger.totals,
      account: 'ok',
      ...(this.#reason === undefined ? {} : { paused: this.#reason }),
      pausedSenders: 0,
      pipelining: 'lockstep',
      groupedAuth: false,
    };
  }

  pause(reason: string): void {
    this.#reason = reason;
  }

  resume(): void {
    this.#reason = undefined;
    const held = this.#held;
    this.#held = [];
    for (const goOn of held) goOn();
  }

  purge(
    lane: Lane | undefined,
    where: (mail: UnsentMail) => boolean,
  ): UnsentMail[] {
    return purge(this.#places, lane, where);
  }

  /** Nothing is sent here, so nothing is limited. */
  setRateLimit(): void {
    return undefined;
  }

  beginShutdown(timeoutMs: number): void {
    this.#shutdown.begin(timeoutMs);
  }

  drain(timeoutMs: number): Promise<DrainReport> {
    return this.#shutdown.drain(timeoutMs);
  }

  async #whenResumed(
    mail: OutgoingMail,
    place: Place,
    cancellation?: Cancellation,
  ): Promise<void> {
    if (this.#reason === undefined) return;
    await new Promise<void>((resolve, reject) => {
      this.#held.push(resolve);
      place.heldBy({ waiting: true, mail, giveUp: reject });
      cancellation?.listen(reject);
    });
  }

  #keep(mail: OutgoingMail, raw: Buffer): void {
    if (this.#options.mode === 'discard') return;
    this.#kept.push(capturedMail(mail, this.#fields.get(mail) ?? {}, raw));
    if (this.#kept.length > KEPT) this.#kept.shift();
  }
}

async function read(
  mail: OutgoingMail,
  place: Place,
  cancellation?: Cancellation,
): Promise<Buffer> {
  await mail.beforeBody?.();
  const { content } = mail;
  if (content.kind === 'bytes') return content.bytes;
  return new Promise((resolve, reject) => {
    const stream = content.open();
    const interrupt = (error: MailError): void => {
      reject(error);
      stream.destroy(error);
    };
    place.onRevoked(interrupt);
    cancellation?.listen(interrupt);
    buffer(stream).then(resolve, reject);
  });
}

function endingOf(error: MailError): Ending {
  if (error.deliveryState === 'unknown') return 'unknown';
  return isRefusal(error) ? 'rejected' : 'notSent';
}

/** Whether a relay has answered the message, rather than only its key. */
function isRefusal({ code, command }: MailError): boolean {
  return code === 'REJECTED' || (command !== undefined && command !== 'AUTH');
}
