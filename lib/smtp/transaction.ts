import type { Readable } from 'node:stream';
import type { MailError } from '../errors/mail-error.js';
import type { ConnectionError } from './connection-error.js';
import type { Envelope } from './envelope.js';
import type { Reply } from './reply.js';

/** A whole body, encoded. */
export interface BytesBody {
  readonly kind: 'bytes';

  /** Dot-stuffed; nobody may change it any more. */
  readonly wire: Buffer;

  /** What completes it: the end mark, after a line end where that is missing. */
  readonly end: Buffer;

  /** Bytes that the server will count: without doubled dots and end mark. */
  readonly size: number;

  /** Whether it holds octets above 127. */
  readonly eightBit: boolean;
}

/** A body that is encoded on its way. */
interface StreamBody {
  readonly kind: 'stream';

  /** Whether it can be opened again after it was read from. */
  readonly reusable: boolean;

  open(): Readable;
}

/** What follows DATA. */
export type Body = BytesBody | StreamBody;

/** How a transaction on one connection ended. Each ends exactly once. */
export type TransactionOutcome =
  /** The final dot was answered with 2yz; `recipients` run along the envelope. */
  | {
      readonly kind: 'accepted';
      readonly reply: Reply;
      readonly recipients: readonly (Reply | undefined)[];
    }
  /** The server refused it. */
  | {
      readonly kind: 'rejected';
      readonly reply: Reply;
      readonly command: string;
      readonly recipients: readonly (Reply | undefined)[];
    }
  /** The dot was written and no reply came. */
  | {
      readonly kind: 'unknown';
      readonly fault: ConnectionError;
      /** The replies to RCPT: who was refused by name has not got it. */
      readonly recipients?: readonly (Reply | undefined)[];
    }
  /** The dot was not written: certainly not sent, free to go elsewhere. */
  | {
      readonly kind: 'unsent';
      readonly fault: ConnectionError;
      /** Whether the body's source has been read from. */
      readonly bodyOpened: boolean;
    }
  /** Certainly not sent, and no other connection would change that. */
  | { readonly kind: 'failed'; readonly error: MailError };

/** One message as a connection sees it. */
export interface Transaction {
  readonly envelope: Envelope;
  readonly body: Body;

  /** Started with the envelope and awaited before the body. */
  beforeBody?(): Promise<void>;

  /** The envelope is about to be written. */
  began(): void;

  /** The last bytes of the body, its dot among them, leave at the end of this turn. */
  leaving?(): void;

  /** The transaction has ended; called exactly once for each `began`. */
  ended(outcome: TransactionOutcome): void;
}
