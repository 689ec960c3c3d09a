import type { SendReceipt } from '../delivery/receipt.js';
import { asInvalidMessage } from '../message/invalid-message.js';
import type { SendTicket } from './send-ticket.js';

/** Tells how composing and carrying one message ended. */
export type SendCallback = (error: unknown, receipt?: SendReceipt) => void;

/**
 * Runs `start` and settles with what it calls back. Until a carrier has taken
 * the message, the ticket's refusal settles it at once. A failure gives the
 * ticket's place back.
 */
export function compose(
  ticket: SendTicket,
  start: (callback: SendCallback) => void,
): Promise<SendReceipt> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown): void => {
      const failure = asInvalidMessage(error);
      ticket.reservation.release(failure);
      reject(failure);
    };
    ticket.onRefused(refuse);
    try {
      start((error, receipt) => {
        if (receipt === undefined) refuse(error);
        else resolve(receipt);
      });
    } catch (error) {
      refuse(error);
    }
  });
}
