import type { Capabilities } from '../../../../lib/smtp/capabilities.js';
import type {
  Body,
  Transaction,
  TransactionOutcome,
} from '../../../../lib/smtp/transaction.js';

/** A relay that offers all there is. */
export const EVERYTHING: Capabilities = {
  pipelining: true,
  eightBitMime: true,
  starttls: true,
  authPlain: true,
  size: true,
  maxSize: undefined,
};

/** A transaction that writes down how it fares. */
export interface RecordedTransaction extends Transaction {
  readonly began: () => void;
  readonly begun: () => number;
  readonly outcomes: TransactionOutcome[];
}

/** Addresses `r0@x.example` and so on. */
export function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `r${index}@x.example`);
}

/** A body of plain bytes. */
export function bytesBody(text = 'Hello', eightBit = false): Body {
  const wire = Buffer.from(`${text}\r\n`);
  return {
    kind: 'bytes',
    wire,
    end: Buffer.from('.\r\n'),
    size: wire.length,
    eightBit,
  };
}

/** A message to `recipients` addresses, or to those given. */
export function transaction(
  recipients: number | readonly string[] = 1,
  overrides: Partial<Pick<Transaction, 'body' | 'beforeBody'>> = {},
): RecordedTransaction {
  const to =
    typeof recipients === 'number' ? addresses(recipients) : recipients;
  const outcomes: TransactionOutcome[] = [];
  let begun = 0;
  return {
    envelope: { from: 'hello@shop.example', to },
    body: bytesBody(),
    outcomes,
    begun: () => begun,
    began: () => {
      begun += 1;
    },
    ended: (outcome) => outcomes.push(outcome),
    ...overrides,
  };
}
