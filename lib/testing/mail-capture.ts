import type { CaptureStore } from '../transport/capture-store.js';
import type { CapturedMail } from '../transport/captured-mail.js';
import type { ScriptedFailure } from '../transport/scripted-failure.js';

/** What an instance that captures mail has been asked to send. */
export interface MailCapture {
  /** The messages that would have left, oldest first; the newest 1,000. */
  sent(): readonly CapturedMail[];

  /** The newest message that was for the address, in any case. */
  lastTo(address: string): CapturedMail | undefined;

  /**
   * Makes the next send fail, after the ones scripted before: with an error,
   * or with the relay's reply (`'550 5.1.1 No such user'`).
   */
  failNext(failure: ScriptedFailure): void;

  /** Forgets the messages and the scripted failures. */
  clear(): void;
}

/** Reads what an instance and its tenants have captured. */
export function mailCapture(store: CaptureStore): MailCapture {
  return {
    sent: () => store.sent(),
    lastTo: (address) => lastTo(store, address.toLowerCase()),
    failNext: (failure) => store.failNext(failure),
    clear: () => store.clear(),
  };
}

function lastTo(
  store: CaptureStore,
  address: string,
): CapturedMail | undefined {
  return store
    .sent()
    .findLast(({ recipients }) =>
      recipients.some((recipient) => recipient.toLowerCase() === address),
    );
}
