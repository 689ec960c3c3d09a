import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { DrainReport } from 'nestjs-sendgrid-smtp';

const SCRIPT = fileURLToPath(
  new URL('../fixtures/under-load.mjs', import.meta.url),
);

/** What the process says of itself, a line for each. */
interface Told {
  readonly url?: string;
  readonly report?: DrainReport;
  readonly closed?: boolean;
  readonly failed?: string;
  readonly code?: number;
  readonly left?: readonly string[];
}

/** How a {@link MailingProcess} ended. */
export interface Ended {
  readonly code: unknown;
  readonly signal: unknown;
  readonly tookMs: number;
  readonly errors: string;
}

/** A process with an HTTP server whose every request sends mail. */
export class MailingProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<unknown[]>;
  readonly reports: DrainReport[] = [];
  #told: Told = {};
  #errors = '';
  #sentAt = 0;

  private constructor(env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [SCRIPT], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
    this.#ended = once(this.#child, 'close');
    this.#child.stderr.on('data', (text) => (this.#errors += String(text)));
  }

  static async start(env: NodeJS.ProcessEnv): Promise<MailingProcess> {
    const started = new MailingProcess(env);
    await started.#listen();
    return started;
  }

  get url(): string {
    return this.#told.url ?? '';
  }

  /** What it said last of itself. */
  get told(): Told {
    return this.#told;
  }

  /** Asks for one request's worth of mail. */
  async request(): Promise<number> {
    const headers = { connection: 'close' };
    const response = await fetch(this.url, { headers });
    await response.text();
    return response.status;
  }

  /** How many of its messages have not ended. */
  async pending(): Promise<number> {
    const headers = { connection: 'close' };
    const response = await fetch(`${this.url}/pending`, { headers });
    return Number(await response.text());
  }

  terminate(): void {
    this.#sentAt ||= performance.now();
    this.#child.kill('SIGTERM');
  }

  /** Resolves once it has exited, by itself or because the test took too long. */
  async ended(): Promise<Ended> {
    const [code, signal] = await this.#ended;
    const tookMs = performance.now() - this.#sentAt;
    return { code, signal, tookMs, errors: this.#errors };
  }

  async #listen(): Promise<void> {
    const lines = createInterface({ input: this.#child.stdout });
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return;
      // Only the script writes such lines.
      const told = JSON.parse(line) as Told;
      this.#told = { ...this.#told, ...told };
      if (told.report !== undefined) this.reports.push(told.report);
    });
    await Promise.race([once(lines, 'line'), this.#ended]);
    if (this.url === '') throw new Error(`It does not listen: ${this.#errors}`);
  }
}
