import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../servers/free-port.js';
import { ServerProcess } from '../servers/server-process.js';
import { processesIn } from './processes-in.js';

/** Where one server keeps its data and takes connections. */
export interface StorePlace {
  readonly folder: string;
  readonly port: number;

  /** Of the user and group that it runs as; `undefined` for one's own. */
  readonly id: number | undefined;
}

type Command = readonly [command: string, args: readonly string[]];

/** Of util-linux, which every Debian has. */
const SETPRIV = '/usr/bin/setpriv';

/** A kind of store: how it is set up, run and asked whether it is there. */
export interface StoreKind {
  readonly name: string;

  /** Of the user and group that it has to run as when root starts it. */
  readonly idUnderRoot?: number;

  /** What has it end in good order. */
  readonly endSignal: NodeJS.Signals;

  /** Prepares the folder, once. */
  prepare(place: StorePlace): Promise<void>;

  /** What runs it: the program, and what that is given. */
  command(place: StorePlace): Command;

  readonly env: NodeJS.ProcessEnv;

  /** Whether it serves clients. */
  isReady(place: StorePlace): Promise<boolean>;

  url(place: StorePlace): string;

  /** Removes what the folder does not hold. */
  cleanUp?(place: StorePlace): Promise<void>;
}

/**
 * A real store on loopback, with a port and data of its own that outlive any
 * number of its processes, up to {@link StoreServer.remove}.
 */
export class StoreServer {
  readonly #kind: StoreKind;
  readonly #place: StorePlace;
  #process: ServerProcess | undefined;

  private constructor(kind: StoreKind, place: StorePlace) {
    this.#kind = kind;
    this.#place = place;
  }

  /** Sets one up and starts it; leaves nothing behind if that fails. */
  static async start(kind: StoreKind): Promise<StoreServer> {
    const folder = await mkdtemp(join(tmpdir(), `${kind.name}-`));
    const id = process.getuid?.() === 0 ? kind.idUnderRoot : undefined;
    const server = new StoreServer(kind, {
      folder,
      port: await freePort(),
      id,
    });
    try {
      if (id !== undefined) await chown(folder, id, id);
      await kind.prepare(server.#place);
      await server.start();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  get url(): string {
    return this.#kind.url(this.#place);
  }

  get port(): number {
    return this.#place.port;
  }

  /** Holds its data. */
  get folder(): string {
    return this.#place.folder;
  }

  /** What its present process has printed. */
  get log(): string {
    return this.#process?.log ?? '';
  }

  /** Starts it again, on the same data and port; resolves once it serves. */
  async start(): Promise<void> {
    const { endSignal, env } = this.#kind;
    const { port, id, folder } = this.#place;
    this.#process = await ServerProcess.start(
      ...boundToThis(this.#kind.command(this.#place)),
      {
        port,
        id,
        endSignal,
        cwd: folder,
        env: { ...process.env, ...env },
        isReady: () => this.#kind.isReady(this.#place),
      },
    );
  }

  /** Ends it in good order; its data stay. */
  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#process = undefined;
  }

  /** Ends it with SIGKILL; what it had on disk stays. */
  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    await this.#process?.kill();
    this.#process = undefined;
    while (processesIn(this.folder).length > 0) await sleep(10);
  }

  /** Lets it hang, with its connections open, until {@link thaw}. */
  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  /** Ends it and removes all there is of it. */
  async remove(): Promise<void> {
    this.thaw();
    await this.stop();
    await this.kill();
    await this.#kind.cleanUp?.(this.#place);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** PostgreSQL makes each session a process group of its own. */
  #signal(signal: NodeJS.Signals): void {
    for (const pid of processesIn(this.folder)) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}

/** Has a program end with this process, even when that is killed. */
function boundToThis([command, args]: Command): Command {
  if (!existsSync(SETPRIV)) return [command, args];
  return [SETPRIV, ['--pdeathsig', 'KILL', '--', command, ...args]];
}

/** Says something to a port; resolves with the first it says, '' when nothing listens. */
export async function ask(port: number, question: Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).setTimeout(1000, () => socket.destroy());
  socket.write(question);
  const answer = new Promise<string>((resolve) => {
    socket.once('data', (bytes: Buffer) => resolve(bytes.toString('latin1')));
    socket.once('close', () => resolve(''));
  });
  const text = await answer;
  socket.destroy();
  if (!socket.closed) await once(socket, 'close');
  return text;
}
