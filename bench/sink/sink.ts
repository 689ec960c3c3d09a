import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { trusted } from '../trusted.js';
import type { Counts } from './counts.js';
import type { SinkMessage, SinkPorts } from './protocol.js';

/** A mail server in a process of its own, which takes everything and counts it. */
export class Sink {
  readonly #child: ChildProcess;
  readonly ports: SinkPorts;

  private constructor(child: ChildProcess, ports: SinkPorts) {
    this.#child = child;
    this.ports = ports;
  }

  static async start(): Promise<Sink> {
    const child = fork(new URL('main.js', import.meta.url));
    const message = await next(child);
    if (message.kind !== 'ready') throw new Error('The sink did not start');
    return new Sink(child, message.ports);
  }

  /** What has come since the last call. */
  async takeCounts(): Promise<Counts> {
    this.#child.send('counts');
    const message = await next(this.#child);
    if (message.kind !== 'counts') throw new Error('The sink gave no counts');
    return message.counts;
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}

async function next(child: ChildProcess): Promise<SinkMessage> {
  const exited = new AbortController();
  const stop = (): void => exited.abort(new Error('The sink has exited'));
  child.once('exit', stop);
  try {
    const [message] = await once(child, 'message', { signal: exited.signal });
    return trusted<SinkMessage>(message);
  } finally {
    child.off('exit', stop);
  }
}
