import type { MailError } from '../errors/mail-error.js';
import type { DrainReport } from '../options/drain-report.js';
import { keyFingerprint } from '../options/key-fingerprint.js';
import type { Log } from '../options/log.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import { Admission } from '../pool/admission.js';
import type { Cancellation } from '../pool/cancellation.js';
import { ConnectionPool } from '../pool/connection-pool.js';
import type { Lane } from '../pool/lane.js';
import { path } from '../smtp/command.js';
import { bodyOf, heldBytes } from './body.js';
import type { Carrier, OutgoingMail } from './carrier.js';
import { Delivery } from './delivery.js';
import { Ledger } from './ledger.js';
import { Place, type Books } from './place.js';
import type { SendReceipt } from './receipt.js';
import type { Reservation } from './reservation.js';
import { Shutdown } from './shutdown.js';
import type { LaneStats, MailStats } from './stats.js';
import { shutDown } from './verdict-errors.js';

/** Brings messages to the relay and each of them to exactly one verdict. */
export class Deliveries implements Carrier {
  readonly #options: ResolvedOptions;
  readonly #books: Books;
  readonly #pool: ConnectionPool;
  readonly #shutdown: Shutdown;

  constructor(options: ResolvedOptions, log: Log) {
    this.#options = options;
    this.#pool = new ConnectionPool(options, log);
    this.#books = {
      ledger: new Ledger(),
      admission: new Admission(options.queue),
      places: new Set(),
      onEnd: () => this.#shutdown.settled(),
    };
    this.#shutdown = new Shutdown(this.#books, this.#pool);
  }

  reserve(
    lane: Lane,
    cancellation?: Cancellation,
  ): Reservation | Promise<Reservation> {
    const { ledger, admission } = this.#books;
    ledger.submit();
    try {
      const refusal = this.#refusal(lane) ?? cancellation?.error;
      if (refusal !== undefined) throw refusal;
      const waiting = admission.take(lane, cancellation);
      if (waiting === undefined) return new Place(lane, this.#books);
      return this.#placeAfter(waiting, lane);
    } catch (error) {
      ledger.end('notSent');
      throw error;
    }
  }

  async carry(
    mail: OutgoingMail,
    reservation: Reservation,
    cancellation?: Cancellation,
  ): Promise<SendReceipt> {
    if (!(reservation instanceof Place)) {
      throw new TypeError('A reservation of another carrier was used.');
    }
    const place = reservation;
    try {
      for (const address of [mail.envelope.from, ...mail.envelope.to]) {
        path(address);
      }
      const body = bodyOf(mail.content);
      const held = heldBytes(body, this.#options.queue.maxStreamBytes);
      const waiting = place.addBytes(held, cancellation);
      if (waiting !== undefined) await waiting;
      if (cancellation?.error !== undefined) throw cancellation.error;
      return await new Promise((resolve, reject) => {
        const settler = { resolve, reject };
        const delivery = new Delivery(mail, body, place, settler, cancellation);
        delivery.dispatch(this.#pool);
      });
    } finally {
      place.release();
    }
  }

  async verify(): Promise<void> {
    if (this.#shutdown.closed) throw shutDown();
    const error = await this.#pool.verify();
    if (error !== undefined) throw error;
  }

  stats(): MailStats {
    const { ledger, admission } = this.#books;
    const { apiKey } = this.#options.relay;
    return {
      connections: this.#pool.connections,
      queue: {
        messages: admission.messages,
        bytes: admission.bytes,
        byLane: {
          urgent: this.#lane('urgent'),
          normal: this.#lane('normal'),
          bulk: this.#lane('bulk'),
        },
      },
      totals: ledger.totals,
      account: this.#pool.keyRefused ? 'refused' : 'ok',
      pipelining: this.#pool.pipelining,
      ...(apiKey === undefined
        ? {}
        : { keyFingerprint: keyFingerprint(apiKey) }),
    };
  }

  beginShutdown(timeoutMs: number): void {
    this.#shutdown.begin(timeoutMs);
  }

  async drain(timeoutMs: number): Promise<DrainReport> {
    return this.#shutdown.drain(timeoutMs);
  }

  #refusal(lane: Lane): MailError | undefined {
    return this.#shutdown.closed ? shutDown() : this.#pool.blocked(lane);
  }

  async #placeAfter(waiting: Promise<void>, lane: Lane): Promise<Place> {
    try {
      await waiting;
    } catch (error) {
      this.#books.ledger.end('notSent');
      throw error;
    }
    return new Place(lane, this.#books);
  }

  #lane(lane: Lane): LaneStats {
    return {
      messages: this.#pool.waiting(lane),
      oldestMs: this.#pool.oldestMs(lane),
    };
  }
}
