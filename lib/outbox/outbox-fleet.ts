import { SILENT } from '../options/log.js';
import { NOTHING } from './fleet/fleet-record.js';
import { Fleet } from './fleet/fleet.js';
import type { ShareHolder } from './fleet/share-holder.js';
import type { ResolvedOutboxOptions } from './options/resolve-outbox-options.js';
import { noFleet } from './outbox-errors.js';
import type { JobStore } from './store/job-store.js';
import { asStoreError } from './store/store-error.js';

/** Gives the fleet of an outbox its orders, from workers and producers alike. */
export class OutboxFleet {
  #fleet: Fleet | undefined;

  constructor({ fleet }: ResolvedOutboxOptions, store: JobStore) {
    if (fleet === undefined) return;
    const holder = ONLOOKER;
    this.#fleet = new Fleet({
      ...fleet,
      store: store.fleet,
      holder,
      log: SILENT,
    });
  }

  /** Goes through the worker of this process from now on, which follows at once. */
  join(fleet: Fleet): void {
    this.#fleet = fleet;
  }

  /**
   * @throws MailError `STORE_UNAVAILABLE`; InvalidOptionsError without a fleet,
   * naming the method
   */
  async ask<T>(method: string, work: (fleet: Fleet) => Promise<T>): Promise<T> {
    if (this.#fleet === undefined) throw noFleet(method);
    try {
      return await work(this.#fleet);
    } catch (error) {
      throw asStoreError(error, 'maybe-done');
    }
  }
}

/** Has no share and wants none. */
const ONLOOKER: ShareHolder = {
  usage: NOTHING,
  demand: NOTHING,
  take: () => undefined,
  drop: () => undefined,
};
