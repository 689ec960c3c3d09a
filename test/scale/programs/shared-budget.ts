// Three instances that together want more connections to one relay than one
// process may hold.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Deliveries } from '../../../lib/delivery/deliveries.js';
import type { RelayOptions } from './messages.js';
import { parentSettings, tellParent } from './parent.js';
import { until } from './waiting.js';
import { deliveriesTo, outgoing, send } from '../../support/relay.js';

/** How the program is started. */
export interface SharedBudgetSettings {
  readonly relay: RelayOptions;

  /** How many connections each of the instances wants. */
  readonly each: number;

  /** How many the process may hold. */
  readonly budget: number;
}

/** What it reports. */
export interface SharedBudgetResult {
  /** Connections each instance held once the budget was used up. */
  readonly held: readonly number[];

  /** Messages accepted, instance by instance. */
  readonly accepted: readonly number[];

  /** What the others held once the first had let go of its own. */
  readonly afterRelease: readonly number[];
}

// The parent writes them from a value of this type.
const { relay, each, budget } = parentSettings() as SharedBudgetSettings;
const pool = {
  maxConnections: each,
  minConnections: each,
  maxLifetimeMs: 3_600_000,
};
const make = (): Deliveries =>
  deliveriesTo({ options: relay }, { pool, queue: { maxMessages: each } });
const first = make();
const others = [make(), make()];
const instances = [first, ...others];

const idle = (all: readonly Deliveries[]): number[] =>
  all.map((instance) => instance.stats().connections.idle);
const sum = (counts: readonly number[]): number =>
  counts.reduce((total, count) => total + count, 0);

await until(() => sum(idle(instances)) >= budget);
const held = idle(instances);

const accepted = await Promise.all(
  instances.map(async (instance, index) => {
    const sends: Promise<unknown>[] = [];
    for (let n = 0; n < each; n += 1) {
      sends.push(send(instance, outgoing(`${index}-${n}`)));
      // A turn of the event loop that takes seconds looks like a freeze.
      if (n % 100 === 0) await nextTurn();
    }
    return (await Promise.all(sends)).length;
  }),
);

await first.drain(60_000);
await until(() => sum(idle(others)) >= others.length * each);
const result: SharedBudgetResult = {
  held,
  accepted,
  afterRelease: idle(others),
};
await Promise.all(others.map((instance) => instance.drain(60_000)));
await tellParent(result);
process.disconnect();
