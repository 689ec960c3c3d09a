import type { OutgoingMail } from '../delivery/carrier.js';
import type { SendReceipt } from '../delivery/receipt.js';
import type { Lane } from '../pool/lane.js';

/** Is told of the message of a send once it is composed. */
export type OnComposed = (mail: OutgoingMail) => void;

/** Runs every send of an instance inside something of its own, such as a span. */
export interface SendTracer {
  /**
   * Calls `send` at once and gives back what it does.
   *
   * @param lane - as it was asked for, unchecked
   */
  trace(
    lane: Lane | undefined,
    send: (onComposed: OnComposed) => Promise<SendReceipt>,
  ): Promise<SendReceipt>;
}
