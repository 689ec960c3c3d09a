import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { MailOutboxEvent } from 'nestjs-sendgrid-smtp/outbox';
import type { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';

import type { StoreServer } from '../../support/stores/store-server.js';
import type { WorkerProgramOptions } from '../programs/worker.js';

const PROGRAM = fileURLToPath(
  new URL('../../../build/test/outbox/programs/worker.js', import.meta.url),
);

/** What a worker is told besides its store and its relay. */
export interface WorkerProcessOptions {
  readonly outbox?: Partial<WorkerProgramOptions['outbox']>;
  readonly mail?: Partial<WorkerProgramOptions['mail']>;
  readonly paused?: boolean;
}

type Told = MailOutboxEvent | { readonly type: 'started' };

/** A process of its own that sends what is in the store. */
export class WorkerProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #closed: Promise<unknown>;
  readonly events: Told[] = [];
  #errors = '';

  private constructor(options: WorkerProgramOptions) {
    this.#child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#child, 'close');
    this.#child.stderr.on('data', (text) => (this.#errors += String(text)));
    createInterface(this.#child.stdout).on('line', (line) => {
      const told: Told = JSON.parse(line);
      this.events.push(told);
    });
  }

  /** Starts one; resolves once its application has. */
  static async start(
    store: StoreServer,
    relay: FakeSendGrid,
    { outbox = {}, mail = {}, paused = false }: WorkerProcessOptions = {},
  ): Promise<WorkerProcess> {
    const started = new WorkerProcess({
      paused,
      outbox: {
        connection: store.url,
        environment: 'test',
        role: 'worker',
        lockMs: 1000,
        ...outbox,
      },
      mail: {
        ...relay.options,
        defaults: { from: 'Shop <hello@shop.example>' },
        ...mail,
      },
    });
    await once(started.#child.stdout, 'data');
    return started;
  }

  /** What it has printed where errors go. */
  get errors(): string {
    return this.#errors;
  }

  /** Freezes or thaws it, or has one that is paused send. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void {
    this.#child.kill(signal);
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.#child.kill(signal);
    await this.#closed;
  }
}
