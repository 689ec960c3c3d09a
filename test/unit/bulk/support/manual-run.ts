import { BulkRun } from '../../../../lib/bulk/bulk-run.js';
import type { RunPort } from '../../../../lib/bulk/run-port.js';
import type { RunSettings } from '../../../../lib/bulk/run-settings.js';
import type {
  SendOutcome,
  Settled,
} from '../../../../lib/bulk/send-outcome.js';
import { SendRun } from '../../../../lib/bulk/send-run.js';
import type { Unit } from '../../../../lib/bulk/unit.js';
import type { Batch } from '../../../../lib/delivery/batch.js';
import type { SendReceipt } from '../../../../lib/delivery/receipt.js';
import type { MailError } from '../../../../lib/errors/mail-error.js';
import { resolveOptions } from '../../../../lib/options/resolve-options.js';
import { openLine } from '../../../../lib/transport/open-line.js';
import { telling } from '../../../support/telling.js';

/** A message under way. */
export interface Pending {
  /** The first of its indexes, and how many it has. */
  readonly index: number;
  readonly count: number;
  accept(): void;
  fail(error: MailError): void;
}

/** A message with several outcomes. */
class Several implements Unit<SendOutcome> {
  readonly message = { subject: 'Several' };
  readonly count: number;

  constructor(count: number) {
    this.count = count;
  }

  outcomes(index: number, settled: Settled): SendOutcome[] {
    return Array.from({ length: this.count }, (_, n) => ({
      index: index + n,
      ...settled,
    }));
  }
}

/** What a relay says in these tests. */
const RECEIPT = { messageId: '<1@shop.example>' } as SendReceipt;

/** A run whose messages end when the test says so, and how. */
export class ManualRun {
  readonly pending = new Set<Pending>();
  readonly warned: string[] = [];
  readonly bulk: BulkRun<number, SendOutcome>;
  readonly run: SendRun;
  #counts: number[] = [];
  #next = 0;

  /** Each number of `counts` is a message with so many outcomes. */
  constructor(
    counts: Iterable<number> | AsyncIterable<number>,
    settings: Partial<RunSettings<number, SendOutcome>> = {},
  ) {
    this.bulk = new BulkRun({
      name: 'sendMany',
      source: counts,
      unitOf: (count) => this.#unitOf(count),
      port: this.#port(),
      concurrency: 5,
      stopOnError: false,
      signal: undefined,
      total: undefined,
      ...settings,
    });
    this.run = new SendRun(this.bulk);
  }

  /** Has what a settled message leads to happen. */
  async step(): Promise<void> {
    await new Promise(setImmediate);
  }

  #unitOf(count: number): Several {
    this.#counts.push(count);
    return new Several(count);
  }

  #port(): RunPort {
    const line = openLine(resolveOptions({ mode: 'capture' }), telling());
    return {
      open: () => line,
      enter: () => () => undefined,
      warn: (text) => this.warned.push(text),
      send: (_, batch) => this.#send(batch),
    };
  }

  #send(batch: Batch): Promise<SendReceipt> {
    const count = this.#counts.shift() ?? 1;
    const index = this.#next;
    this.#next += count;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.pending.delete(pending);
        batch.delete(member);
      };
      const fail = (error: MailError): void => {
        end();
        reject(error);
      };
      const accept = (): void => {
        end();
        resolve(RECEIPT);
      };
      // Every other one is on the wire, and not taken back.
      const member = { waiting: index % 2 === 0, revoke: fail };
      const pending = { index, count, accept, fail };
      this.pending.add(pending);
      batch.add(member);
      batch.composed(member);
    });
  }
}
