/** What happened on one connection. */
export interface ConnectionReport {
  /** Ordinal number, from 1, in the order of arrival. */
  readonly number: number;

  /** MAIL commands after AUTH, whatever became of them. */
  readonly mails: number;

  /** Messages accepted. */
  readonly accepted: number;

  /** Whether its TLS session was a resumed one. */
  readonly resumed: boolean;

  /**
   * `open`, or how it ended: with `quit`, by the relay (`closed`), or because
   * the client left without QUIT (`lost`).
   */
  readonly state: 'open' | 'quit' | 'closed' | 'lost';
}

/** A snapshot of what the relay has seen. */
export interface FakeSendGridCounters {
  /** Connections taken; those above `maxConnections` are in `refused`. */
  readonly connections: number;

  /** Connections that have neither been sent a 221 nor left. */
  readonly open: number;

  /** The most that were open at once. */
  readonly maxOpen: number;

  /** Connections turned away since `maxConnections` were open. */
  readonly refused: number;

  /** Greetings sent. */
  readonly greeted: number;

  /** TLS handshakes finished, and how many of them resumed a session. */
  readonly tlsHandshakes: number;
  readonly tlsResumed: number;

  /** AUTH accepted and refused. */
  readonly authenticated: number;
  readonly authRefused: number;

  /** MAIL commands after AUTH, whatever became of them. */
  readonly mailFrom: number;

  /** Messages accepted. */
  readonly accepted: number;

  /** Those of them that SendGrid would have dropped; none with `parse: false`. */
  readonly dropped: number;

  /** 4xx and 5xx replies to MAIL, RCPT, DATA and messages. */
  readonly rejected: number;

  /** Commands and bodies that were followed by more before their reply. */
  readonly pipelined: number;

  /** Connections ended with QUIT. */
  readonly quits: number;

  /** Connections that the client left without QUIT. */
  readonly closedWithoutQuit: number;

  /** The most MAIL commands that any one connection has seen. */
  readonly maxMailsPerConnection: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One connection's line in the ledger; written by the connection itself. */
export type ConnectionRecord = Mutable<ConnectionReport> & {
  /** Over the limit of connections: greeted with a 421 and not counted. */
  readonly refused: boolean;

  /** The relay has decided to close it. */
  closing: boolean;
};

const NOTHING: FakeSendGridCounters = {
  connections: 0,
  open: 0,
  maxOpen: 0,
  refused: 0,
  greeted: 0,
  tlsHandshakes: 0,
  tlsResumed: 0,
  authenticated: 0,
  authRefused: 0,
  mailFrom: 0,
  accepted: 0,
  dropped: 0,
  rejected: 0,
  pipelined: 0,
  quits: 0,
  closedWithoutQuit: 0,
  maxMailsPerConnection: 0,
};

/** Counts what happens, and says when something did. */
export class Ledger {
  readonly #maxConnections: number;
  readonly #changed: () => void;
  readonly #counters: Mutable<FakeSendGridCounters> = { ...NOTHING };
  readonly #records: ConnectionRecord[] = [];

  constructor(maxConnections: number, changed: () => void) {
    this.#maxConnections = maxConnections;
    this.#changed = changed;
  }

  get counters(): FakeSendGridCounters {
    return { ...this.#counters };
  }

  get reports(): readonly ConnectionReport[] {
    return this.#records.map(({ number, mails, accepted, resumed, state }) => ({
      number,
      mails,
      accepted,
      resumed,
      state,
    }));
  }

  count(
    what:
      | 'greeted'
      | 'authenticated'
      | 'authRefused'
      | 'dropped'
      | 'rejected'
      | 'pipelined',
  ): void {
    this.#counters[what] += 1;
    this.#changed();
  }

  open(): ConnectionRecord {
    const counters = this.#counters;
    const refused = counters.open >= this.#maxConnections;
    const record = makeRecord(counters.connections + 1, refused);
    if (refused) {
      counters.refused += 1;
    } else {
      counters.connections += 1;
      counters.open += 1;
      counters.maxOpen = Math.max(counters.maxOpen, counters.open);
      this.#records.push(record);
    }
    this.#changed();
    return record;
  }

  secured(record: ConnectionRecord, resumed: boolean): void {
    record.resumed = resumed;
    this.#counters.tlsHandshakes += 1;
    if (resumed) this.#counters.tlsResumed += 1;
    this.#changed();
  }

  mail(record: ConnectionRecord): void {
    const counters = this.#counters;
    record.mails += 1;
    counters.mailFrom += 1;
    counters.maxMailsPerConnection = Math.max(
      counters.maxMailsPerConnection,
      record.mails,
    );
    this.#changed();
  }

  accepted(record: ConnectionRecord): void {
    record.accepted += 1;
    this.#counters.accepted += 1;
    this.#changed();
  }

  /** Ends what is still open, at the relay's will. */
  endAll(): void {
    for (const record of this.#records) {
      record.closing = true;
      this.end(record, 'left');
    }
  }

  /** Ends a connection; only the first call counts. */
  end(record: ConnectionRecord, how: 'quit' | 'left'): void {
    if (record.refused || record.state !== 'open') return;
    if (how === 'quit') record.state = 'quit';
    else record.state = record.closing ? 'closed' : 'lost';
    this.#counters.open -= 1;
    if (record.state === 'quit') this.#counters.quits += 1;
    if (record.state === 'lost') this.#counters.closedWithoutQuit += 1;
    this.#changed();
  }
}

function makeRecord(number: number, refused: boolean): ConnectionRecord {
  return {
    number,
    refused,
    mails: 0,
    accepted: 0,
    resumed: false,
    state: 'open',
    closing: false,
  };
}
