import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 30_000;
const STOP_MS = 5000;

/** What a server is started with. */
export interface ServerProcessOptions {
  /** It has started once this port of 127.0.0.1 takes connections. */
  readonly port: number;
  /** Says that it has started, when that it takes connections does not. */
  readonly isReady?: () => Promise<boolean>;
  /** The folder it is confined to, if so: whatever still runs there is ended. */
  readonly jail?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Of the user and group that it runs as. */
  readonly id?: number | undefined;
  /** What has it end by itself. */
  readonly endSignal?: NodeJS.Signals;
}

/** A server in a process group of its own, from its start to its certain end. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #jail: string | undefined;
  readonly #endSignal: NodeJS.Signals;
  readonly #end = (): void => this.signal('SIGKILL');
  #log = '';

  private constructor(
    command: string,
    args: readonly string[],
    { jail, cwd, env, id, endSignal = 'SIGTERM' }: ServerProcessOptions,
  ) {
    this.#jail = jail;
    this.#endSignal = endSignal;
    this.#child = spawn(command, [...args], {
      cwd,
      env,
      ...(id === undefined ? {} : { uid: id, gid: id }),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
      });
    }
    this.#child.on('error', (error) => {
      this.#log += String(error);
    });
    process.once('exit', this.#end);
  }

  static async start(
    command: string,
    args: readonly string[],
    options: ServerProcessOptions,
  ): Promise<ServerProcess> {
    const server = new ServerProcess(command, args, options);
    try {
      await server.#started(options);
    } catch (cause) {
      await server.stop();
      throw new Error(`${command} ${args.join(' ')}: ${server.log}`, { cause });
    }
    return server;
  }

  /** What it has printed. */
  get log(): string {
    return this.#log;
  }

  async stop(): Promise<void> {
    process.off('exit', this.#end);
    if (!this.#over) {
      const exit = once(this.#child, 'exit');
      this.signal(this.#endSignal);
      await Promise.race([exit, sleep(STOP_MS, undefined, { ref: false })]);
    }
    await this.kill();
    await this.#clearJail();
  }

  /** Ends all of it at once, as a loss of power would. */
  async kill(): Promise<void> {
    process.off('exit', this.#end);
    const exit = this.#over ? undefined : once(this.#child, 'exit');
    this.signal('SIGKILL');
    await exit;
  }

  /** To every process of it. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid !== undefined) kill(-pid, signal);
  }

  get #over(): boolean {
    return (
      this.#child.pid === undefined ||
      this.#child.exitCode !== null ||
      this.#child.signalCode !== null
    );
  }

  async #started({
    port,
    isReady = () => accepts(port),
  }: ServerProcessOptions): Promise<void> {
    const giveUpAt = performance.now() + START_MS;
    while (!(await isReady())) {
      if (this.#over) throw new Error('It ended at once');
      if (performance.now() > giveUpAt) throw new Error('It does not listen');
      await sleep(50);
    }
  }

  async #clearJail(): Promise<void> {
    if (this.#jail === undefined) return;
    for (const pid of await readdir('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const root = await readlink(`/proc/${pid}/root`).catch(() => '');
      if (root.startsWith(this.#jail)) kill(Number(pid), 'SIGKILL');
    }
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
