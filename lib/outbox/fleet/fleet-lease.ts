import { ageLeases, claimsOf, type Sighting } from './age-leases.js';
import { entitlement } from './entitlement.js';
import { configureFleet } from './fleet-control.js';
import type { FleetLimits } from './fleet-limits.js';
import {
  newRecord,
  NOTHING,
  readRecord,
  writeRecord,
  type Amounts,
  type FleetControl,
  type FleetRecord,
  type Lease,
} from './fleet-record.js';
import type { FleetShare, ShareHolder } from './share-holder.js';
import { lesserShare, noShare, sameShare, shareOf } from './shares.js';

/** Part of a lease after which, without a renewal, no more work is taken on. */
const FADES_AFTER = 1 / 3;

/** Part after which all is dropped; what is left of it is the margin. */
const ENDS_AFTER = 4 / 5;

/** What a {@link FleetLease} works with. */
export interface FleetLeaseSettings {
  readonly id: string;
  readonly limits: FleetLimits;
  readonly leaseMs: number;
  readonly holder: ShareHolder;

  /** The monotonic clock of this process. */
  readonly now: () => number;
}

type Due = Amounts & { readonly settled: boolean };

interface Draft {
  readonly record: FleetRecord;
  readonly share: FleetShare;
  readonly settled: boolean;
}

/**
 * The lease of one worker: which share it asks for, when it may use that, and
 * when it has to be without. Does no waiting and no talking of its own.
 */
export class FleetLease {
  readonly #settings: FleetLeaseSettings;
  #share: FleetShare;
  #draft: Draft | undefined;
  #seen: { readonly record: FleetRecord; readonly at: number } | undefined;
  /** When it was last asked for with success. */
  #renewedAt = -Infinity;
  #beats = 0;
  #joined = false;
  #leaving = false;
  #dropped = true;

  constructor(settings: FleetLeaseSettings) {
    this.#settings = settings;
    this.#share = noShare(settings.limits, undefined);
    settings.holder.take(this.#share);
  }

  /** Whether nothing is about to change, as far as this worker goes. */
  get settled(): boolean {
    return this.#draft?.settled ?? false;
  }

  /** Whether the others know that this worker is gone. */
  get left(): boolean {
    return this.#seen?.record.leases[this.#settings.id]?.left ?? false;
  }

  /** Asks for nothing any more, and gives up what it has. */
  leave(): void {
    this.#leaving = true;
  }

  /**
   * What is to take the place of `text` in the store. Where it asks for less
   * than it has, it makes do with less before it says so.
   *
   * @throws Error when the text is of a later version
   */
  propose(text: string | undefined): string {
    this.check();
    const { limits } = this.#settings;
    const found = text === undefined ? newRecord(limits) : readRecord(text);
    const record = this.#joined ? found : configureFleet(found, limits);
    this.#draft = this.#drafted(ageLeases(record, this.#sighting()));
    return writeRecord(this.#draft.record);
  }

  /** What was proposed, at `askedAt` or later, is in the store now. */
  confirmed(askedAt: number): void {
    const { now, leaseMs } = this.#settings;
    if (this.#draft === undefined) return;
    this.#joined = true;
    this.#renewedAt = askedAt;
    this.#seen = { record: this.#draft.record, at: now() };
    if (now() < askedAt + FADES_AFTER * leaseMs) {
      this.#dropped = false;
      this.#take(this.#draft.share);
    }
    this.check();
  }

  /** In how long {@link FleetLease.check} has something to do, in milliseconds. */
  get dueInMs(): number {
    const { now, leaseMs } = this.#settings;
    if (this.#dropped) return Infinity;
    const part = this.#isIdle ? ENDS_AFTER : FADES_AFTER;
    return Math.max(0, this.#renewedAt + part * leaseMs - now());
  }

  /** Lets go of what it may not have any more, for want of a renewal. */
  check(): void {
    const { now, leaseMs, holder } = this.#settings;
    const elapsed = now() - this.#renewedAt;
    if (this.#dropped || elapsed < FADES_AFTER * leaseMs) return;
    const { limits, paused } = this.#control;
    if (!this.#isIdle) this.#take(noShare(limits, paused));
    if (elapsed < ENDS_AFTER * leaseMs) return;
    this.#dropped = true;
    holder.drop();
  }

  get #isIdle(): boolean {
    const { connections, rate } = this.#share;
    return connections === 0 && (rate === undefined || rate.messages === 0);
  }

  get #control(): Pick<FleetControl, 'limits' | 'paused'> {
    const { limits } = this.#settings;
    return this.#seen?.record.control ?? { limits, paused: undefined };
  }

  #sighting(): Sighting | undefined {
    if (this.#seen === undefined) return undefined;
    const { record, at } = this.#seen;
    return { record, ms: this.#settings.now() - at };
  }

  #drafted(record: FleetRecord): Draft {
    const { id, leaseMs, holder } = this.#settings;
    const { control, leases } = record;
    this.#beats += 1;
    const asking: Lease = {
      beat: this.#beats,
      age: 0,
      leaseMs,
      left: false,
      wants: this.#wants(control.limits),
      has: leases[id]?.has ?? NOTHING,
      follows: control.version,
    };
    const due = this.#entitled({
      control,
      leases: { ...leases, [id]: asking },
    });
    const share = shareOf(due, control);
    this.#take(lesserShare(this.#share, share));
    const { usage } = holder;
    const has = {
      connections: Math.max(usage.connections, due.connections),
      messages: Math.max(usage.messages, due.messages),
    };
    const left = this.#leaving && has.connections === 0;
    const lease: Lease = { ...asking, has, left };
    const settled = due.settled && usage.connections <= share.connections;
    return {
      record: { control, leases: { ...leases, [id]: lease } },
      share,
      settled,
    };
  }

  #wants({ maxConnections, rateLimit }: FleetLimits): Amounts {
    if (this.#leaving) return NOTHING;
    const { usage, demand } = this.#settings.holder;
    const most = rateLimit?.messages ?? 0;
    return {
      connections: Math.min(demand.connections, maxConnections),
      messages: Math.min(usage.messages + demand.messages, most),
    };
  }

  #entitled({ control, leases }: FleetRecord): Due {
    if (this.#leaving) return { ...NOTHING, settled: true };
    const { id, leaseMs, holder } = this.#settings;
    const { maxConnections, rateLimit } = control.limits;
    const { usage } = holder;
    const connections = entitlement(id, claimsOf(leases, 'connections'), {
      limit: maxConnections,
      spare: Infinity,
      uses: usage.connections,
    });
    if (rateLimit === undefined) {
      const { share, settled } = connections;
      return { connections: share, messages: 0, settled };
    }
    // What a worker has not used when it dies is lost to the whole window.
    const part = Math.min(1, leaseMs / rateLimit.perMs);
    const messages = entitlement(id, claimsOf(leases, 'messages'), {
      limit: rateLimit.messages,
      spare: Math.ceil(rateLimit.messages * part),
      uses: usage.messages,
    });
    return {
      connections: connections.share,
      messages: messages.share,
      settled: connections.settled && messages.settled,
    };
  }

  #take(share: FleetShare): void {
    if (sameShare(share, this.#share)) return;
    this.#share = share;
    this.#settings.holder.take(share);
  }
}
