import type { SendReceipt } from '../../delivery/receipt.js';
import { isMailError, MailError } from '../../errors/mail-error.js';
import type { MailService } from '../../mail.service.js';
import type { MailMessage } from '../../message/mail-message.js';
import type { MailInstance } from '../../transport/mail-instance.js';
import { decodeJob, type DecodedJob } from '../job/decode-job.js';
import { eraseJob, JOB_VERSION } from '../job/stored-job.js';
import type { ResolvedOutboxOptions } from '../options/resolve-outbox-options.js';
import { handedBack } from '../outbox-errors.js';
import type { OutboxNews } from '../outbox-news.js';
import type { JobStore } from '../store/job-store.js';
import { JobWorker } from '../store/job-worker.js';
import type { JobVerdict, TakenJob } from '../store/taken-job.js';
import { Brake } from './brake.js';
import { FatePolicy } from './fate-policy.js';
import { withMessageId } from './identified.js';
import { isTraceable } from './traceable.js';
import { Intake } from './intake.js';
import type { JobFate } from './job-fate.js';
import { LOST_WORKER, tellFate, tellRefused, tellSent } from './worker-news.js';

/** What an {@link OutboxWorker} sends through. */
export interface MailRoute {
  readonly instance: MailInstance;
  readonly mail: MailService;
}

type Readable = Extract<DecodedJob, { kind: 'ok' }>;

/** How long what is another's to send is left to others, in milliseconds. */
const LEFT_MS = { environment: 600_000, newer: 60_000, 'unknown-key': 60_000 };

/** Sends what is in the store through a mail instance. */
export class OutboxWorker {
  readonly #options: ResolvedOutboxOptions;
  readonly #route: MailRoute;
  readonly #news: OutboxNews;
  readonly #policy: FatePolicy;
  readonly #worker: JobWorker;
  readonly #concurrency: number;
  readonly #intake: Intake;
  readonly #brake: Brake;
  /** How many jobs it has. */
  #taken = 0;
  /** What the mail instance has of it at present. */
  readonly #sending = new Set<MailMessage>();
  readonly #handedBack = new WeakSet<MailMessage>();

  constructor(
    options: ResolvedOutboxOptions,
    route: MailRoute,
    store: JobStore,
    news: OutboxNews,
  ) {
    this.#options = options;
    this.#route = route;
    this.#news = news;
    this.#policy = new FatePolicy(options.retry);
    // One leaves while the next is composed, marked, and rides along.
    const { maxConnections } = route.instance.options.pool;
    this.#concurrency = options.concurrency ?? 2 * maxConnections;
    this.#worker = new JobWorker({
      place: options,
      concurrency: this.#concurrency,
      lockMs: options.lockMs,
      handle: (job) => this.#counted(job),
      noteUncertain: (jobId) => store.noteUncertain(jobId),
      onTrouble: (error) => news.storeTrouble(error),
    });
    this.#intake = new Intake(this.#worker, this.#concurrency);
    this.#brake = new Brake(this.#intake, this.#concurrency);
  }

  /** How many jobs more it could have under way, with all there is to share. */
  get free(): number {
    if (this.#worker.isStopping) return 0;
    return Math.max(0, this.#intake.most - this.#taken);
  }

  /**
   * Has under way that part of its concurrency from now on, from 0 to 1; with
   * nothing, what has not left goes back for other workers.
   */
  limit(part: number): void {
    this.#intake.share(Math.ceil(this.#concurrency * part));
    if (part === 0) this.#handBack();
  }

  start(): void {
    this.#worker.start();
  }

  /**
   * Takes nothing more and hands back what has not left; resolves once what is
   * on the wire has ended, or after `ms`.
   */
  stop(ms: number): Promise<void> {
    this.#brake.stop();
    const stopped = this.#worker.stop(ms);
    this.#handBack();
    return stopped;
  }

  #handBack(): void {
    if (this.#sending.size === 0) return;
    const purged = this.#route.instance.purge(
      undefined,
      ({ message }) => this.#sending.has(message),
      handedBack(),
    );
    for (const { message } of purged) this.#handedBack.add(message);
  }

  async #counted(job: TakenJob): Promise<JobVerdict> {
    // The engine may take one more after it was told to take none.
    if (this.#intake.isClosed) return { kind: 'returned' };
    this.#taken += 1;
    try {
      return await this.#handle(job);
    } finally {
      this.#taken -= 1;
    }
  }

  async #handle(job: TakenJob): Promise<JobVerdict> {
    const { cipher, environment, onUnknown } = this.#options;
    const decoded = decodeJob(job.data, { jobId: job.jobId, cipher });
    switch (decoded.kind) {
      case 'erased':
        return { kind: 'done', erased: erasedOf(decoded) };
      case 'newer':
      case 'unknown-key':
        return this.#leave(job, decoded.kind);
      case 'invalid':
        return this.#told(job, undefined, {
          kind: 'failed',
          code: 'INVALID_MESSAGE',
          message: `The job cannot be read: ${decoded.reason}.`,
        });
      case 'ok':
    }
    if (decoded.environment !== environment) {
      return this.#leave(job, 'environment');
    }
    if (job.accepted) return { kind: 'done', erased: erasedOf(decoded) };
    if (job.begun && onUnknown !== 'resend') {
      return this.#told(job, decoded.id, { kind: 'uncertain', ...LOST_WORKER });
    }
    return this.#send(job, decoded);
  }

  async #send(job: TakenJob, decoded: Readable): Promise<JobVerdict> {
    const { instance, mail } = this.#route;
    const { defaults } = instance.options;
    const message = withMessageId(decoded.message, job.jobId, defaults.from);
    this.#sending.add(message);
    try {
      const { tenant, lane } = decoded;
      const service = tenant === undefined ? mail : mail.forTenant(tenant);
      const traceable = isTraceable(message, job.jobId);
      const begin = (): Promise<void> => job.begin(traceable);
      const receipt = await service.sendAfter(message, { lane }, begin);
      return this.#sent(job, decoded, receipt);
    } catch (error) {
      const failure = asMailError(error);
      const isPurged = this.#worker.isStopping || this.#handedBack.has(message);
      if (failure.code === 'ABORTED' && isPurged) return { kind: 'returned' };
      return this.#notSent(job, decoded, failure);
    } finally {
      this.#sending.delete(message);
    }
  }

  #sent(job: TakenJob, decoded: Readable, receipt: SendReceipt): JobVerdict {
    this.#released();
    tellSent(this.#news, job, decoded.id, receipt);
    return { kind: 'done', erased: erasedOf(decoded) };
  }

  #notSent(
    job: TakenJob,
    { id, tenant }: Readable,
    error: MailError,
  ): JobVerdict {
    const fate = this.#policy.fateOf(error, {
      attempts: job.attempts,
      ageMs: Date.now() - job.enqueuedAt,
      tenant: tenant !== undefined,
      outage: this.#route.instance.stats().outageMs !== undefined,
      onUnknown: this.#options.onUnknown,
    });
    if (fate.kind === 'blocked') return this.#blocked(fate);
    const isOffered = fate.kind !== 'returned' && fate.kind !== 'lost';
    if (isOffered) this.#released();
    return this.#told(job, id, fate);
  }

  #blocked({ error }: Extract<JobFate, { kind: 'blocked' }>): JobVerdict {
    const pausedMs = this.#worker.isStopping ? undefined : this.#brake.pull();
    if (pausedMs !== undefined) {
      const { code, message } = error;
      this.#news.tell({ type: 'worker-paused', code, message, pausedMs });
    }
    return { kind: 'returned' };
  }

  #released(): void {
    if (this.#brake.release()) this.#news.tell({ type: 'worker-resumed' });
  }

  #told(
    job: TakenJob,
    id: string | undefined,
    fate: Exclude<JobFate, { kind: 'blocked' }>,
  ): JobVerdict {
    tellFate(this.#news, job, id, fate);
    return fate;
  }

  #leave(job: TakenJob, reason: keyof typeof LEFT_MS): JobVerdict {
    tellRefused(this.#news, job, reason);
    return { kind: 'delayed', delayMs: LEFT_MS[reason], code: reason };
  }
}

function erasedOf({
  environment,
  lane,
}: Pick<Readable, 'environment' | 'lane'>): ReturnType<typeof eraseJob> {
  return eraseJob({ v: JOB_VERSION, environment, lane, body: '' });
}

function asMailError(error: unknown): MailError {
  if (isMailError(error)) return error;
  return new MailError('INVALID_MESSAGE', String(error), { cause: error });
}
