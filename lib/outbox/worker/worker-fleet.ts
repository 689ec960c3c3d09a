import type { Log } from '../../options/log.js';
import type { Amounts } from '../fleet/fleet-record.js';
import { Fleet } from '../fleet/fleet.js';
import { MailShareHolder } from '../fleet/mail-share-holder.js';
import type { FleetShare, ShareHolder } from '../fleet/share-holder.js';
import type { ResolvedFleetOptions } from '../options/fleet.options.js';
import type { JobStore } from '../store/job-store.js';
import type { MailRoute, OutboxWorker } from './outbox-worker.js';

/** How often in a lease it is looked for jobs that nobody takes. */
const LOOKS = 15;

/** How many jobs more are looked for at once. */
const MOST_LOOKED_FOR = 1000;

/** How long what is open may take to close, in milliseconds. */
const GRACE_MS = 1000;

/** What a {@link WorkerFleet} works with. */
export interface WorkerFleetSettings {
  readonly options: ResolvedFleetOptions;
  readonly instance: MailRoute['instance'];
  readonly worker: OutboxWorker;
  readonly store: JobStore;
  readonly log: Log;
}

/** Has a worker and its mail instance keep to a share of the fleet's limits. */
export class WorkerFleet implements ShareHolder {
  readonly #settings: WorkerFleetSettings;
  readonly #mail: MailShareHolder;
  /** Jobs that wait in the store and that this worker could have under way. */
  #backlog = 0;
  /** How much of what it could hold at most is its share. */
  #part = 0;
  #nextLook: NodeJS.Timeout | undefined;
  #stopped = false;
  readonly fleet: Fleet;

  constructor(settings: WorkerFleetSettings) {
    const { instance, store, log, options } = settings;
    this.#settings = settings;
    this.#mail = new MailShareHolder(instance, () => this.#backlog);
    this.fleet = new Fleet({
      ...options,
      store: store.fleet,
      holder: this,
      log,
    });
  }

  get usage(): Amounts {
    return this.#mail.usage;
  }

  get demand(): Amounts {
    return this.#mail.demand;
  }

  take(share: FleetShare): void {
    const { connections, rate, paused } = share;
    const { maxConnections } = this.#settings.instance.options.pool;
    const isNothing = paused !== undefined || rate?.messages === 0;
    this.#part = isNothing ? 0 : Math.min(1, connections / maxConnections);
    this.#mail.take(share);
    this.#settings.worker.limit(this.#part);
  }

  drop(): void {
    this.#mail.drop();
  }

  /** Resolves once it has joined, or could not at the first attempt. */
  async start(): Promise<void> {
    await this.fleet.start();
    void this.#look();
  }

  /** Takes no more share on: the worker is stopping. */
  leaveJobs(): void {
    this.#stopped = true;
    this.#backlog = 0;
    clearTimeout(this.#nextLook);
  }

  /** Once nothing is to be sent any more. Never rejects. */
  stop(): Promise<void> {
    this.leaveJobs();
    return this.fleet.stop(GRACE_MS);
  }

  /** Whether more could be taken, which a worker without a share cannot know from what it takes. */
  async #look(): Promise<void> {
    const { worker, store, options } = this.#settings;
    const before = this.#backlog;
    const most = Math.min(worker.free, MOST_LOOKED_FOR);
    const backlog = most === 0 ? 0 : await store.waiting(most).catch(() => 0);
    if (this.#stopped) return;
    this.#backlog = backlog;
    // What came in meanwhile, and a loop of the engine that had just ended.
    worker.limit(this.#part);
    if (backlog > before) this.fleet.nudge();
    const ms = options.leaseMs / LOOKS;
    this.#nextLook = setTimeout(() => void this.#look(), ms).unref();
  }
}
