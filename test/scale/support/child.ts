import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** One of the programs in test/scale/programs, as compiled into build/. */
export class Child {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #heard: unknown[] = [];
  #wake: () => void = () => undefined;

  constructor(name: string, settings: object, execArgv: string[] = []) {
    const path = `../../../build/test/scale/programs/${name}.js`;
    const program = fileURLToPath(new URL(path, import.meta.url));
    this.#name = name;
    this.#process = fork(program, [JSON.stringify(settings)], { execArgv });
    this.#process.on('message', (message) => {
      this.#heard.push(message);
      this.#wake();
    });
    this.#process.on('exit', () => this.#wake());
  }

  /** The next thing it says; each program documents what. */
  async next<T>(): Promise<T> {
    while (this.#heard.length === 0) {
      if (this.#over) throw new Error(`${this.#name} ended too early`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    // What comes over the channel is what the program says it sends.
    return this.#heard.shift() as T;
  }

  /** Says something to it; it may be frozen and hear it later. */
  say(message: string): void {
    this.#process.send(message);
  }

  /** Stops it where it is, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(signal);
  }

  /** Ends it, frozen or not. */
  async stop(): Promise<void> {
    if (this.#over) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exit;
  }

  get #over(): boolean {
    const { exitCode, signalCode } = this.#process;
    return exitCode !== null || signalCode !== null;
  }
}
