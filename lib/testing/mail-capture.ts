import type { CaptureCarrier } from '../transport/capture-carrier.js';
import type { CapturedMail } from '../transport/captured-mail.js';
import type { ScriptedFailure } from '../transport/scripted-failure.js';

/** What an instance that captures mail has been asked to send. */
export interface MailCapture {
  /** The messages that would have left, oldest first; the newest 1,000. */
  sent(): readonly CapturedMail[];

  /** The newest message whose envelope names the address, in any case. */
  lastTo(address: string): CapturedMail | undefined;

  /**
   * Makes the next send fail, after the ones scripted before: with an error,
   * or with the relay's reply (`'550 5.1.1 No such user'`).
   */
  failNext(failure: ScriptedFailure): void;

  /** Forgets the messages and the scripted failures. */
  clear(): void;
}

/** Reads a capturing carrier. */
export function mailCapture(carrier: CaptureCarrier): MailCapture {
  return {
    sent: () => carrier.sent(),
    lastTo: (address) => lastTo(carrier, address.toLowerCase()),
    failNext: (failure) => carrier.failNext(failure),
    clear: () => carrier.clear(),
  };
}

function lastTo(
  carrier: CaptureCarrier,
  address: string,
): CapturedMail | undefined {
  return carrier
    .sent()
    .findLast(({ envelope }) =>
      envelope.to.some((recipient) => recipient.toLowerCase() === address),
    );
}
