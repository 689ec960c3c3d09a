import type { FakeSendGridModuleOptions } from '../../../lib/testing/fake-sendgrid.js';
import type { FaultStage } from '../../../lib/testing/fake-sendgrid/faults.js';
import type {
  ConnectionReport,
  FakeSendGridCounters,
} from '../../../lib/testing/fake-sendgrid/ledger.js';
import type { FakeSendGridOptions } from '../../../lib/testing/fake-sendgrid/options.js';

/** How a program reaches the relay. */
export type RelayOptions = FakeSendGridModuleOptions;

/** How the relay program is started. */
export interface RelaySettings {
  readonly fake: FakeSendGridOptions;

  /** Where it says nothing, to senders that start so, until released. */
  readonly stalls?: readonly {
    readonly at: FaultStage;
    readonly sender: string;
  }[];
}

/**
 * What the relay program is told. It answers `stalls` with {@link RelayStalls}
 * and the others with a {@link RelayReport}. `replace` cuts every connection
 * and listens anew on the same port.
 */
export type RelayCommand = 'stalls' | 'report' | 'release' | 'replace';

/** How many conversations have been stalled so far. */
export interface RelayStalls {
  readonly stalled: number;
}

/** What the relay has seen, up to the command. */
export interface RelayReport {
  readonly counters: FakeSendGridCounters;
  readonly connections: readonly ConnectionReport[];

  /** Each accepted message, in order. */
  readonly messages: readonly {
    readonly sender: string;
    readonly connection: number;
  }[];
}
