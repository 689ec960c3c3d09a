import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';

import type { Capabilities } from '../../../../lib/smtp/capabilities.js';
import type { Pipelining } from '../../../../lib/options/resolved-options.js';
import { Channel } from '../../../../lib/smtp/channel.js';
import type { ConnectionError } from '../../../../lib/smtp/connection-error.js';
import { PipeliningPolicy } from '../../../../lib/smtp/pipelining-policy.js';
import type { Transaction } from '../../../../lib/smtp/transaction.js';
import { TransactionPipeline } from '../../../../lib/smtp/transaction-pipeline.js';
import { EVERYTHING } from './transactions.js';

/** A set-up session in memory: the pipeline on one end, the test on the other. */
export class Session {
  readonly pipeline: TransactionPipeline;
  readonly policy: PipeliningPolicy;
  readonly #server;
  readonly #next: Transaction[];
  #received = '';
  #closed = false;

  /** Why the channel failed, once it has. */
  fault: ConnectionError | undefined;

  /** Transactions in `next` are begun whenever nothing is on the wire. */
  constructor(
    next: readonly Transaction[],
    capabilities: Partial<Capabilities> = {},
    pipelining: Pipelining = 'auto',
  ) {
    const [client, server] = duplexPair();
    this.#server = server;
    this.#next = [...next];
    this.policy = new PipeliningPolicy(pipelining);
    server.setEncoding('latin1');
    server.on('data', (text: string) => {
      this.#received += text;
    });
    // A channel uses nothing of a socket that other streams lack.
    const channel = new Channel(client as Socket, {
      unsolicited: (reply) => this.pipeline.early(reply),
      failed: (error) => {
        this.fault = error;
        this.#closed = true;
        this.pipeline.fail(error);
      },
      closed: () => undefined,
    });
    this.pipeline = new TransactionPipeline(
      channel,
      {
        capabilities: { ...EVERYTHING, ...capabilities },
        policy: this.policy,
        commandMs: 60_000,
        acceptMs: 60_000,
      },
      { tail: () => this.#ride(), settled: () => this.#begin() },
    );
    this.#begin();
  }

  /** Sends lines to the pipeline and lets it act on them. */
  async reply(...lines: string[]): Promise<void> {
    await this.send(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** Sends text to the pipeline, which may be part of a line. */
  async send(text: string): Promise<void> {
    this.#server.write(text, 'latin1');
    await turn();
  }

  /** What the pipeline has written since it was last asked. */
  async received(): Promise<string> {
    await turn();
    const text = this.#received;
    this.#received = '';
    return text;
  }

  /** Ends the session as a lost connection does. */
  async drop(): Promise<void> {
    this.#closed = true;
    this.#server.end();
    await turn();
  }

  #ride(): void {
    if (this.#closed || this.policy.permits('body') === 'no') return;
    const next = this.#next.shift();
    if (next !== undefined) this.pipeline.ride(next);
  }

  #begin(): void {
    if (this.#closed || this.pipeline.busy) return;
    const next = this.#next.shift();
    if (next !== undefined) this.pipeline.begin(next);
  }
}

/** Lets bytes cross from one end to the other. */
async function turn(): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
