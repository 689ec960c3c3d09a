import type { StoredJob } from '../job/stored-job.js';
import { markBegun, markOf, NotBegunError } from './begin-mark.js';
import type { EngineJob } from './engine.js';
import type { TakenJob } from './taken-job.js';

/** A job for as long as the engine holds it for this worker. */
export class JobLease implements TakenJob {
  readonly #job: EngineJob;
  readonly #token: string;
  readonly #lockMs: number;
  #marked = false;

  constructor(job: EngineJob, token: string, lockMs: number) {
    this.#job = job;
    this.#token = token;
    this.#lockMs = lockMs;
  }

  get jobId(): string {
    return this.#job.id ?? '';
  }

  get data(): unknown {
    return this.#job.data;
  }

  get attempts(): number {
    return this.#job.attemptsMade;
  }

  get enqueuedAt(): number {
    return this.#job.timestamp;
  }

  get remembered(): boolean {
    return this.#job.opts.removeOnComplete !== true;
  }

  get begun(): boolean {
    return markOf(this.#job.progress) !== undefined;
  }

  get accepted(): boolean {
    return markOf(this.#job.progress)?.acceptedAt !== undefined;
  }

  begin(traceable: boolean): Promise<void> {
    this.#marked = true;
    return markBegun(this.#job, this.#token, this.#lockMs, traceable);
  }

  /** Takes its own mark away: it is known that the message was not sent. */
  async unmark(): Promise<void> {
    if (!this.#marked) return;
    // Another's mark, if the job was taken over, has to stay.
    const held = await this.#job.extendLock(this.#token, this.#lockMs);
    if (held !== 1) throw new NotBegunError('the job was taken over', true);
    await this.#job.updateProgress(0);
    this.#marked = false;
  }

  async erase(erased: StoredJob): Promise<void> {
    await this.#job.updateData(erased);
  }

  async delay(ms: number): Promise<void> {
    await this.unmark();
    await this.#job.moveToDelayed(Date.now() + ms, this.#token);
  }

  async giveBack(): Promise<void> {
    await this.unmark();
    await this.#job.moveToWait(this.#token);
  }
}
