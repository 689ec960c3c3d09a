import type { Socket } from 'node:net';

/** What a client has just said. */
export type Event =
  | 'GREETING'
  | 'EHLO'
  | 'AUTH'
  | 'RSET'
  | 'NOOP'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'DOT'
  | 'QUIT'
  | 'STARTTLS';

/** One event on one connection. */
export interface Said {
  readonly event: Event;
  /** The command line, or the body without its end mark for `DOT`. */
  readonly line: string;
  /** Connections are numbered from 1. */
  readonly connection: number;
  /** How often this event has come on this connection, from 1. */
  readonly nth: number;
  /** How many MAIL commands have come on this connection, this one included. */
  readonly transaction: number;
  /** Whether the client said it over TLS. */
  readonly secure: boolean;
  /** The socket it came on: after STARTTLS the TLS one. */
  readonly socket: Socket;
}

/**
 * How a server ends a connection: as it should, with a FIN but no
 * close_notify (TLS only differs there), or with a reset.
 */
export type Ending = 'fin' | 'bare-fin' | 'reset';

/** Raw bytes with what goes before and after them. */
export interface Timed {
  readonly say: string;
  /** Nothing is said until this resolves; later replies wait as well. */
  readonly after?: Promise<unknown>;
  /** The connection ends once the bytes are out. */
  readonly then?: Ending;
}

/** Raw bytes to answer, `undefined` for the usual reply, `''` for silence. */
export type Answer = string | Timed | undefined;

/** What to answer to each event. */
export type Script = (said: Said) => Answer;

/** The event that a command line is. */
export function eventOf(line: string): Event {
  const verb = line.split(' ', 1)[0]?.toUpperCase();
  switch (verb) {
    case 'EHLO':
    case 'AUTH':
    case 'RSET':
    case 'NOOP':
    case 'MAIL':
    case 'RCPT':
    case 'DATA':
    case 'QUIT':
    case 'STARTTLS':
      return verb;
    default:
      throw new Error(`unexpected command: ${line}`);
  }
}
