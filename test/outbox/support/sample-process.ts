import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../support/servers/free-port.js';

/** Has a program fail that loads what only the outbox needs. */
const REFUSE_PEERS = moduleOf(`
  import { register } from 'node:module';
  register(${JSON.stringify(
    moduleOf(`
      export async function resolve(name, context, next) {
        if (/^(bullmq|ioredis|pg)$/.test(name)) throw new Error('Loads ' + name);
        return next(name, context);
      }`),
  )});`);

function moduleOf(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** Whatever the environment of the test says. */
const NEITHER = { REDIS_URL: '', DATABASE_URL: '', SENDGRID_API_KEY: '' };

/** What a sample is started with. */
export interface SampleOptions {
  /** The built program. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;

  /** Whether it has to do without BullMQ, ioredis and pg. */
  readonly withoutPeers?: boolean;
}

/** A built sample in a process of its own, with a fake SendGrid. */
export class SampleProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #base: string;
  #log = '';

  private constructor(
    { program, env: given, withoutPeers = false }: SampleOptions,
    port: number,
  ) {
    this.#base = `http://127.0.0.1:${port}`;
    const args = withoutPeers ? ['--import', REFUSE_PEERS] : [];
    this.#child = spawn(process.execPath, [...args, program], {
      env: { ...process.env, ...NEITHER, ...given, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = once(this.#child, 'exit');
    const note = (text: unknown): void => void (this.#log += String(text));
    this.#child.stdout?.on('data', note);
    this.#child.stderr?.on('data', note);
  }

  /** Starts one, without waiting for it. */
  static async spawn(options: SampleOptions): Promise<SampleProcess> {
    return new SampleProcess(options, await freePort());
  }

  /** What it has printed. */
  get log(): string {
    return this.#log;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** The answer to a request, once it takes any; `undefined` before. */
  async ask(path: string, body?: object): Promise<unknown> {
    const request =
      body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          };
    const response = await fetch(this.#base + path, request).catch(() => null);
    return response?.json();
  }

  /** Ends it by a signal, if it has not; resolves with its exit code. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal);
    await this.#exited;
    return this.exitCode;
  }
}
