import type { Amounts } from '../../../../../lib/outbox/fleet/fleet-record.js';
import type {
  FleetShare,
  ShareHolder,
} from '../../../../../lib/outbox/fleet/share-holder.js';

/** Holds what it is told to, whatever its share. */
export class FakeHolder implements ShareHolder {
  usage: Amounts = { connections: 0, messages: 0 };
  demand: Amounts = { connections: 0, messages: 0 };
  readonly shares: FleetShare[] = [];
  drops = 0;

  get share(): FleetShare | undefined {
    return this.shares.at(-1);
  }

  take(share: FleetShare): void {
    this.shares.push(share);
  }

  drop(): void {
    this.drops += 1;
    this.usage = { ...this.usage, connections: 0 };
  }

  wants(connections: number, messages = connections): void {
    this.demand = { connections, messages };
  }

  uses(connections: number, messages = 0): void {
    this.usage = { connections, messages };
  }
}
