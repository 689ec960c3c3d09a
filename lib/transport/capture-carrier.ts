import { buffer } from 'node:stream/consumers';
import type { MailMessageData } from 'nodemailer';
import type { Carrier, OutgoingMail } from '../delivery/carrier.js';
import { endingOf } from '../delivery/ending-of.js';
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
import type { ConnectionUse } from '../pool/connection-use.js';
import type { Lane } from '../pool/lane.js';
import type { PoolUsage } from '../pool/pool-usage.js';
import { captureReceipt } from './capture-receipt.js';
import { CaptureStore } from './capture-store.js';
import { capturedMail, type CapturedMail } from './captured-mail.js';
import { idleStats } from './idle-stats.js';

/** What a {@link CaptureCarrier} works with. */
export interface CaptureSettings {
  /** Shared by an instance and its tenants. */
  readonly store?: CaptureStore;

  /** Whose mail it is, if a tenant's. */
  readonly tenant?: string | undefined;

  /** Called whenever nothing is under way any more. */
  readonly onIdle?: (() => void) | undefined;
}

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
  readonly #tenant: string | undefined;

  /** What it has captured, and how its sends fail. */
  readonly store: CaptureStore;

  /** Why mail is held back, and what lets each go on. */
  #reason: string | undefined;
  readonly #held = new Set<() => void>();

  constructor(
    options: ResolvedOptions,
    { events }: Telling,
    { store = new CaptureStore(), tenant, onIdle }: CaptureSettings = {},
  ) {
    this.#options = options;
    this.#events = events;
    this.#tenant = tenant;
    this.store = store;
    this.#places = new Places(options.queue, () => {
      this.#shutdown.settled();
      onIdle?.();
    });
    this.#shutdown = new Shutdown(this.#places, events, {
      isPaused: () => this.#reason !== undefined,
      close: () => Promise.resolve(),
    });
  }

  /** No account is asked. */
  get accountFault(): undefined {
    return undefined;
  }

  get idle(): boolean {
    return this.#places.ledger.pending === 0;
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
    place.composed();
    tellQueued(this.#events, mail, lane);
    try {
      await this.#whenResumed(mail, place, cancellation);
      const raw = await read(mail, place, cancellation);
      if (place.refusal !== undefined) throw place.refusal;
      const captured = this.#captured(mail, place, raw);
      const failure = this.store.takeFailure(captured);
      if (failure !== undefined) throw failure;
      if (this.#options.mode !== 'discard') this.store.keep(captured);
      place.end('accepted');
      const receipt = captureReceipt(mail, place.reservedAt);
      tellSent(this.#events, receipt, lane);
      return receipt;
    } catch (thrown) {
      const error = asInvalidMessage(thrown);
      const ending = endingOf(error);
      place.end(ending, error);
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
    const idle = idleStats(this.#reason);
    const { messages } = admission;
    const { totals } = ledger;
    return { ...idle, queue: { ...idle.queue, messages }, totals };
  }

  /** Nothing is connected to. */
  connections(): readonly ConnectionUse[] {
    return [];
  }

  pause(reason: string): void {
    this.#reason = reason;
    this.#shutdown.paused();
  }

  resume(): void {
    this.#reason = undefined;
    for (const goOn of this.#held) goOn();
    this.#held.clear();
  }

  purge(
    lane: Lane | undefined,
    where: (mail: UnsentMail) => boolean,
    reason?: MailError,
  ): UnsentMail[] {
    return purge(this.#places, lane, where, reason);
  }

  /** What it carries nowhere, no event names. */
  confirm(): number {
    return 0;
  }

  /** Nothing is sent here, so nothing is limited. */
  setRateLimit(): void {
    return undefined;
  }

  /** Nothing is connected to. */
  limitConnections(): void {
    return undefined;
  }

  dropConnections(): void {
    return undefined;
  }

  get usage(): PoolUsage {
    return { connections: 0, messages: 0 };
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
      const giveUp = (error: MailError): void => {
        this.#held.delete(resolve);
        reject(error);
      };
      this.#held.add(resolve);
      place.heldBy({ waiting: true, mail, giveUp });
      cancellation?.listen(giveUp);
    });
  }

  #captured(mail: OutgoingMail, { message }: Place, raw: Buffer): CapturedMail {
    const fields = this.#fields.get(mail) ?? {};
    return capturedMail(mail, fields, raw, message, this.#tenant);
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
