import type { DrainReport } from '../options/drain-report.js';
import type { Log } from '../options/log.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import type { Cancellation } from '../pool/cancellation.js';
import { ConnectionPool } from '../pool/connection-pool.js';
import type { Lane } from '../pool/lane.js';
import { path } from '../smtp/command.js';
import { bodyOf, heldBytes } from './body.js';
import type { Carrier, OutgoingMail } from './carrier.js';
import { Delivery } from './delivery.js';
import { Place } from './place.js';
import { Places } from './places.js';
import type { SendReceipt } from './receipt.js';
import type { Reservation } from './reservation.js';
import { Shutdown } from './shutdown.js';
import type { LaneStats, MailStats } from './stats.js';
import { shutDown } from './verdict-errors.js';

/** Brings messages to the relay and each of them to exactly one verdict. */
export class Deliveries implements Carrier {
  readonly #options: ResolvedOptions;
  readonly #places: Places;
  readonly #pool: ConnectionPool;
  readonly #shutdown: Shutdown;

  constructor(options: ResolvedOptions, log: Log) {
    this.#options = options;
    this.#pool = new ConnectionPool(options, log);
    this.#places = new Places(options.queue, () => this.#shutdown.settled());
    this.#shutdown = new Shutdown(this.#places, (graceMs) =>
      this.#pool.close(graceMs),
    );
  }

  reserve(
    lane: Lane,
    cancellation?: Cancellation,
  ): Reservation | Promise<Reservation> {
    const refusal = this.#shutdown.refusal ?? this.#pool.blocked(lane);
    return this.#places.take(lane, refusal, cancellation);
  }

  async carry(
    mail: OutgoingMail,
    reservation: Reservation,
    cancellation?: Cancellation,
  ): Promise<SendReceipt> {
    const place = Place.of(reservation);
    try {
      if (!place.held) throw shutDown();
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
    const failure = this.#shutdown.refusal ?? (await this.#pool.verify());
    if (failure === undefined) return;
    // A shutdown meanwhile is the better reason.
    throw this.#shutdown.refusal ?? failure;
  }

  stats(): MailStats {
    const { ledger, admission } = this.#places;
    const { keyFingerprint } = this.#pool;
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
      groupedAuth: this.#pool.groupedAuth,
      ...(keyFingerprint === undefined ? {} : { keyFingerprint }),
    };
  }

  beginShutdown(timeoutMs: number): void {
    this.#shutdown.begin(timeoutMs);
  }

  async drain(timeoutMs: number): Promise<DrainReport> {
    return this.#shutdown.drain(timeoutMs);
  }

  #lane(lane: Lane): LaneStats {
    return {
      messages: this.#pool.waiting(lane),
      oldestMs: this.#pool.oldestMs(lane),
    };
  }
}
