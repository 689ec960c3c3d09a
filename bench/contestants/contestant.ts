/** Where a contestant sends to, and within which bounds. */
export interface Target {
  readonly host: string;
  readonly port: number;

  /** How the connection is protected: as the port says. */
  readonly security: 'none' | 'starttls' | 'implicit';

  /** The authority of the server's certificate, PEM. */
  readonly ca?: string;

  readonly connections: number;

  /** Whether all of them are open before the first message. */
  readonly allOpen?: boolean;

  /** Messages after which a connection is replaced; the library's best when absent. */
  readonly cap?: number;

  /** Milliseconds after which an idle connection is closed, where that matters. */
  readonly idleMs?: number;
}

/** What is sent. */
export interface Load {
  /** Bytes of a prepared message. */
  readonly size: number;

  readonly recipients: number;
}

/** A library, ready to send. */
export interface Sender {
  /** Sends message number `n`; resolves once the server has taken it. */
  send(n: number): Promise<unknown>;

  close(): Promise<unknown> | void;
}

/** Something that sends a number of messages as fast as it can. */
export interface Contestant {
  run(count: number): Promise<void>;
  close(): Promise<unknown> | void;
}

/** The key of the account that every server of the bench accepts. */
export const KEY = `SG.${'b'.repeat(22)}.${'n'.repeat(43)}`;
