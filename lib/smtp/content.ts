import type { Readable } from 'node:stream';

/**
 * A message in wire format (RFC 5322, before dot-stuffing).
 *
 * `bytes` is the whole message. A `stream` is too large to hold: `reusable`
 * ones are opened anew for every attempt, the others can be read once only.
 */
export type Content =
  | {
      readonly kind: 'bytes';
      readonly bytes: Buffer;

      /**
       * It may follow DATA as it is: ASCII in lines that end in CRLF, none of
       * which begins with a dot.
       */
      readonly isWire?: boolean;
    }
  | {
      readonly kind: 'stream';
      readonly reusable: boolean;
      open(): Readable;
    };
