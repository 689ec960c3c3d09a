import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type {
  FleetWorkerOrder,
  FleetWorkerSettings,
} from '../programs/fleet-worker.js';

const PROGRAM = fileURLToPath(
  new URL(
    '../../../build/test/outbox/programs/fleet-worker.js',
    import.meta.url,
  ),
);

/** A worker of a fleet in a process of its own. */
export class FleetProcess {
  readonly #child: ChildProcess;

  private constructor(settings: FleetWorkerSettings) {
    this.#child = fork(PROGRAM, [JSON.stringify(settings)]);
  }

  /** Starts one; resolves once it has joined. */
  static async start(settings: FleetWorkerSettings): Promise<FleetProcess> {
    const started = new FleetProcess(settings);
    await once(started.#child, 'message');
    return started;
  }

  /** Has it keep so many messages under way from now on. */
  load(messages: number): void {
    this.#say({ load: messages });
  }

  /** Has it leave in good order; resolves once it is gone. */
  async leave(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#say('leave');
    await exit;
  }

  /** Ends it without a word; resolves once it is gone. */
  async kill(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  #say(order: FleetWorkerOrder): void {
    this.#child.send(order);
  }
}
