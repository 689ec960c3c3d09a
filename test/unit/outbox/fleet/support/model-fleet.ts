import type { FleetLimits } from '../../../../../lib/outbox/fleet/fleet-limits.js';
import { seededRandom } from '../../../../support/seeded-random.js';
import { ModelStore } from './model-store.js';
import { ModelWorker } from './model-worker.js';
import { VirtualTime } from './virtual-time.js';

/** How much a clock may be wrong. */
const DRIFT = 0.01;

/** What a run is made of. */
export interface ModelFleetSettings {
  readonly seed: number;
  readonly limits: Required<FleetLimits>;
  readonly leaseMs: number;
}

/** Workers that come, stall, die and leave, over a store that fails. */
export class ModelFleet {
  readonly #settings: ModelFleetSettings;
  readonly #random: () => number;
  readonly #time = new VirtualTime();
  readonly #store: ModelStore;
  readonly #workers: ModelWorker[] = [];
  readonly #sent: number[] = [];
  #storeIsDown = false;
  #isCalm = false;
  /** What must never be, in words. */
  readonly wrongs: string[] = [];

  constructor(settings: ModelFleetSettings) {
    this.#settings = settings;
    const random = seededRandom(settings.seed);
    this.#random = random;
    this.#store = new ModelStore(this.#time, () => {
      if (this.#isCalm) return { ms: random() * 5, lost: false };
      const slow = random() < 0.03;
      const ms = random() * (slow ? 3 * settings.leaseMs : 20);
      return { ms, lost: this.#storeIsDown || random() < 0.03 };
    });
  }

  /** The workers that are there to stay. */
  get living(): ModelWorker[] {
    return this.#workers.filter(({ alive, leaving }) => alive && !leaving);
  }

  /** How many messages have left in all. */
  get sent(): number {
    return this.#sent.length;
  }

  add(): void {
    const { limits, leaseMs } = this.#settings;
    const pace = 1 + (this.#random() * 2 - 1) * DRIFT;
    this.#workers.push(
      new ModelWorker({
        id: `worker-${this.#random()}`,
        limits,
        leaseMs,
        time: this.#time,
        store: this.#store,
        pace,
        random: this.#random,
        onSent: () => this.#note(),
      }),
    );
  }

  pass(leases: number): void {
    this.#time.pass(leases * this.#settings.leaseMs, () => this.#check());
  }

  /** One thing that may happen to a fleet. */
  disturb(): void {
    const dice = this.#random();
    const worker = this.#pick();
    if (dice < 0.1 && this.living.length < 8) this.add();
    else if (dice < 0.15) this.#storeIsDown = !this.#storeIsDown;
    else if (worker === undefined) this.add();
    else if (dice < 0.2) worker.kill();
    else if (dice < 0.25) worker.leave();
    else if (dice < 0.32) worker.stuck = !worker.stuck;
    else if (dice < 0.4) {
      worker.cut = !worker.cut;
      worker.stuck = worker.cut;
    } else if (dice < 0.55) {
      // The margin is a fifth of the lease.
      worker.freeze(this.#random() * 0.15 * this.#settings.leaseMs);
    } else if (!worker.leaving)
      worker.waiting = Math.floor(this.#random() ** 2 * 50);
  }

  /** From now on all is well, and every worker has more than enough to do. */
  calm(): void {
    this.#isCalm = true;
    this.#storeIsDown = false;
    if (this.living.length === 0) this.add();
    for (const worker of this.#workers) {
      worker.stuck = false;
      worker.cut = false;
    }
    for (const worker of this.living) worker.waiting = 1000;
  }

  #pick(): ModelWorker | undefined {
    const some = this.#workers.filter(({ alive, left }) => alive && !left);
    return some[Math.floor(this.#random() * some.length)];
  }

  #note(): void {
    const { messages, perMs } = this.#settings.limits.rateLimit ?? {
      messages: Infinity,
      perMs: 0,
    };
    this.#sent.push(this.#time.now);
    const first = this.#sent.at(-messages - 1) ?? -Infinity;
    const span = this.#time.now - first;
    if (span > perMs * (1 - 2 * DRIFT)) return;
    this.wrongs.push(`${messages + 1} messages within ${span} ms`);
  }

  #check(): void {
    const open = this.#workers.reduce((sum, worker) => sum + worker.open, 0);
    const { maxConnections } = this.#settings.limits;
    if (open > maxConnections) this.wrongs.push(`${open} connections`);
  }
}
