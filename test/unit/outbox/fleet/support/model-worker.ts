import { FleetLease } from '../../../../../lib/outbox/fleet/fleet-lease.js';
import type { FleetLimits } from '../../../../../lib/outbox/fleet/fleet-limits.js';
import type { Amounts } from '../../../../../lib/outbox/fleet/fleet-record.js';
import type {
  FleetShare,
  ShareHolder,
} from '../../../../../lib/outbox/fleet/share-holder.js';
import type { ModelStore } from './model-store.js';
import type { VirtualTime } from './virtual-time.js';

/** What a {@link ModelWorker} is made of. */
export interface ModelWorkerSettings {
  readonly id: string;
  readonly limits: FleetLimits;
  readonly leaseMs: number;
  readonly time: VirtualTime;
  readonly store: ModelStore;

  /** How fast its clock goes: 1 is right. */
  readonly pace: number;
  readonly random: () => number;

  /** A message has left. */
  readonly onSent: () => void;
}

/** A worker with a clock of its own, which works, stands still and dies. */
export class ModelWorker implements ShareHolder {
  readonly #settings: ModelWorkerSettings;
  readonly #lease: FleetLease;
  readonly #bornAt: number;
  #known: string | undefined;
  #sent: number[] = [];
  #frozenUntil = 0;
  #calls = 0;
  #checks = 0;
  share: FleetShare = { connections: 0, rate: undefined, paused: undefined };
  open = 0;
  /** How many messages wait. */
  waiting = 0;
  alive = true;
  leaving = false;
  /** Whether its connections wait for replies that do not come. */
  stuck = false;
  /** Whether it reaches the store no more. */
  cut = false;

  constructor(settings: ModelWorkerSettings) {
    const { id, limits, leaseMs, time } = settings;
    this.#settings = settings;
    this.#bornAt = time.now;
    this.#lease = new FleetLease({
      id,
      limits,
      leaseMs,
      holder: this,
      now: () => this.#now,
    });
    this.#run(0, () => this.#beat());
    this.#run(0, () => this.#work());
  }

  get usage(): Amounts {
    return { connections: this.open, messages: this.#used };
  }

  get demand(): Amounts {
    return { connections: this.waiting, messages: this.waiting };
  }

  take(share: FleetShare): void {
    this.share = share;
  }

  drop(): void {
    this.open = 0;
  }

  /** Runs nothing for a while; its sockets stay. */
  freeze(ms: number): void {
    this.#frozenUntil = this.#settings.time.now + ms;
  }

  /** Is gone, with its sockets, without a word. */
  kill(): void {
    this.alive = false;
    this.open = 0;
  }

  /** Leaves in good order. */
  leave(): void {
    this.leaving = true;
    this.waiting = 0;
    this.#lease.leave();
  }

  get left(): boolean {
    return this.#lease.left;
  }

  get #now(): number {
    const { time, pace } = this.#settings;
    return (time.now - this.#bornAt) * pace;
  }

  get #used(): number {
    const perMs = this.share.rate?.perMs ?? 0;
    this.#sent = this.#sent.filter((at) => this.#now - at <= perMs);
    return this.#sent.length;
  }

  /** After so long by its own clock, once it is not frozen. */
  #run(ms: number, act: () => void): void {
    const { time, pace } = this.#settings;
    time.in(ms / pace, () => this.#thawed(act));
  }

  #thawed(act: () => void): void {
    const { time } = this.#settings;
    if (time.now < this.#frozenUntil) {
      time.at(this.#frozenUntil, () => this.#thawed(act));
    } else if (this.alive) act();
  }

  #beat(): void {
    const { store, leaseMs } = this.#settings;
    const before = this.#known;
    const after = this.#lease.propose(before);
    const askedAt = this.#now;
    this.#calls += 1;
    const call = this.#calls;
    if (!this.cut) {
      store.swap(before, after, (text) =>
        this.#thawed(() => this.#answered(call, after, askedAt, text)),
      );
    }
    this.#run(leaseMs / 5, () => {
      if (call === this.#calls) this.#beatIn(leaseMs / 60);
    });
    this.#watch();
  }

  #answered(
    call: number,
    after: string,
    askedAt: number,
    text: string | undefined,
  ): void {
    if (call !== this.#calls) return;
    this.#known = text;
    if (text !== after) return this.#beat();
    this.#lease.confirmed(askedAt);
    this.#watch();
    const { leaseMs } = this.#settings;
    if (!this.#lease.left) {
      this.#beatIn(this.#lease.settled ? leaseMs / 15 : leaseMs / 60);
    }
  }

  #beatIn(ms: number): void {
    this.#calls += 1;
    const call = this.#calls;
    this.#run(ms * (0.8 + 0.2 * this.#settings.random()), () => {
      if (call === this.#calls) this.#beat();
    });
  }

  #watch(): void {
    this.#checks += 1;
    const check = this.#checks;
    const { dueInMs } = this.#lease;
    if (dueInMs === Infinity) return;
    this.#run(dueInMs + 1, () => {
      if (check !== this.#checks) return;
      this.#lease.check();
      this.#watch();
    });
  }

  /** Opens, closes and sends as it may, now and then. */
  #work(): void {
    const { random, leaseMs } = this.#settings;
    const { connections } = this.share;
    const ends = this.open > connections ? 0.3 : 0.1;
    if (this.open > 0 && !this.stuck && random() < ends) this.open -= 1;
    else if (this.open < Math.min(connections, this.waiting)) {
      this.open += 1;
    }
    const room = (this.share.rate?.messages ?? Infinity) - this.#used;
    const most = Math.min(this.open, this.waiting, room);
    for (let sent = 0; sent < most; sent += 1) {
      this.#sent.push(this.#now);
      this.#settings.onSent();
    }
    this.#run((random() * leaseMs) / 50, () => this.#work());
  }
}
