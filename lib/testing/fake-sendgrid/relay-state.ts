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

  constructor(options: ResolvedFakeOptions) {
    this.options = options;
    this.ledger = new Ledger(options.maxConnections, () =>
      this.waiters.changed(),
    );
    this.mailbox = new Mailbox(options.keepMessages);
  }
}
