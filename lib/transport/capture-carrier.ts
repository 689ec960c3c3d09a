import { buffer } from 'node:stream/consumers';
import type { MailMessageData } from 'nodemailer';
import type { Carrier, OutgoingMail } from '../delivery/carrier.js';
import type { Ending } from '../delivery/ledger.js';
import { Place } from '../delivery/place.js';
import { Places } from '../delivery/places.js';
import type { SendReceipt } from '../delivery/receipt.js';
import type { Reservation } from '../delivery/reservation.js';
import { Shutdown } from '../delivery/shutdown.js';
import type { MailStats } from '../delivery/stats.js';
import type { MailError } from '../errors/mail-error.js';
import { asInvalidMessage } from '../message/invalid-message.js';
import type { DrainReport } from '../options/drain-report.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { Lane } from '../pool/lane.js';
import { captureReceipt } from './capture-receipt.js';
import { capturedMail, type CapturedMail } from './captured-mail.js';
import { scriptedError, type ScriptedFailure } from './scripted-failure.js';

/** How many of the newest messages are kept. */
const KEPT = 1000;

const NO_LANE = { messages: 0, oldestMs: 0 };

/**
 * Carries messages nowhere: mode `capture` keeps the newest 1,000 in memory,
 * mode `discard` none.
 */
export class CaptureCarrier implements Carrier {
  readonly #options: ResolvedOptions;
  readonly #places: Places;
  readonly #shutdown: Shutdown;
  readonly #fields = new WeakMap<OutgoingMail, MailMessageData>();
  readonly #failures: MailError[] = [];
  #kept: CapturedMail[] = [];

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#places = new Places(options.queue, () => this.#shutdown.settled());
    this.#shutdown = new Shutdown(this.#places);
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

  reserve(
    lane: Lane,
    cancellation?: Cancellation,
  ): Reservation | Promise<Reservation> {
    return this.#places.take(lane, this.#shutdown.refusal, cancellation);
  }

  async carry(
    mail: OutgoingMail,
    reservation: Reservation,
    cancellation?: Cancellation,
  ): Promise<SendReceipt> {
    const place = Place.of(reservation);
    try {
      const raw = await read(mail, place, cancellation);
      const failure = this.#failures.shift();
      if (failure !== undefined) throw failure;
      this.#keep(mail, raw);
      place.end('accepted');
      return captureReceipt(mail, place.reservedAt);
    } catch (thrown) {
      const error = asInvalidMessage(thrown);
      place.end(endingOf(error));
      throw error;
    }
  }

  verify(): Promise<void> {
    return Promise.resolve();
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
      pipelining: 'lockstep',
      groupedAuth: false,
    };
  }

  beginShutdown(timeoutMs: number): void {
    this.#shutdown.begin(timeoutMs);
  }

  drain(timeoutMs: number): Promise<DrainReport> {
    return this.#shutdown.drain(timeoutMs);
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
