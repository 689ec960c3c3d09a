import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { trusted } from '../trusted.js';
import type { Orders, ProcessSettings } from './orders.js';

/** A producer or a worker in a process of its own. */
export class QueueProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts one; its queue is not open yet. */
  static start(settings: ProcessSettings): QueueProcess {
    const program = new URL('process.js', import.meta.url);
    return new QueueProcess(fork(program, [JSON.stringify(settings)]));
  }

  /** Gives it an order; resolves with its answer. */
  async tell<Kind extends keyof Orders>(
    kind: Kind,
    order: Orders[Kind]['order'],
  ): Promise<Orders[Kind]['answer']> {
    const exited = new AbortController();
    const stop = (): void => exited.abort();
    this.#child.once('exit', stop);
    try {
      this.#child.send({ kind, ...order });
      const { signal } = exited;
      const [message] = await once(this.#child, 'message', { signal });
      return trusted<{ answer: Orders[Kind]['answer'] }>(message).answer;
    } finally {
      this.#child.off('exit', stop);
    }
  }

  /** Ends it, whatever it does. */
  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
