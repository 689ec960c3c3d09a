import { Faults } from './faults.js';
import { Ledger } from './ledger.js';
import { Mailbox } from './mailbox.js';
import type { ResolvedFakeOptions } from './options.js';
import { Waiters } from './waiters.js';

/** What the connections of one fake relay share. */
export class RelayState {
  readonly options: ResolvedFakeOptions;
  readonly faults = new Faults();
  readonly waiters = new Waiters();
  readonly ledger: Ledger;
  readonly mailbox: Mailbox;

  /** Keys that AUTH accepts, the first is the one given to clients. */
  apiKeys: readonly string[];

  constructor(options: ResolvedFakeOptions) {
    this.options = options;
    this.apiKeys = options.apiKeys;
    this.ledger = new Ledger(options.maxConnections, () =>
      this.waiters.changed(),
    );
    this.mailbox = new Mailbox(options.keepMessages);
  }
}
