import { AssertionError } from 'node:assert';
import type { CaptureStore, Where } from '../transport/capture-store.js';
import type { CapturedMail } from '../transport/captured-mail.js';
import type { ScriptedFailure } from '../transport/scripted-failure.js';
import { checkQuery, isMatch } from './compare-mail.js';
import { describeSent } from './describe-mail.js';
import { Waiters } from './fake-sendgrid/waiters.js';
import { wantedMail, type Wanted } from './wanted.js';
import type { MailQuery } from './mail-query.js';
import { DEFAULT_TIMEOUT_MS, type WaitOptions } from './wait-options.js';

/** What an instance that captures mail has been asked to send. */
export interface MailCapture {
  /** The messages that would have left, oldest first; the newest 1,000. */
  sent(): readonly CapturedMail[];

  /** The newest message that was for the address, in any case. */
  lastTo(address: string): CapturedMail | undefined;

  /**
   * Waits for that many messages, or for the first that is what a query or a
   * predicate looks for, those sent before included. Resolves with the messages
   * it waited for. The clock is the real one, whatever timers the test fakes.
   *
   * @throws AssertionError that shows what was sent, as a rejection
   */
  waitFor(
    what: number | MailQuery | ((mail: CapturedMail) => boolean),
    options?: WaitOptions,
  ): Promise<readonly CapturedMail[]>;

  /**
   * Makes the next send fail, after the ones scripted before: with an error,
   * or with the relay's reply (`'550 5.1.1 No such user'`).
   */
  failNext(failure: ScriptedFailure): void;

  /**
   * A view of such messages only. What is scripted over it is for them, and
   * clearing it leaves the others: tests that run side by side on one
   * application each take the view of their own recipients.
   */
  only(query: MailQuery): MailCapture;

  /** Forgets the messages and the scripted failures. */
  clear(): void;
}

/** Reads what an instance and its tenants have captured. */
export function mailCapture(store: CaptureStore, where?: Where): MailCapture {
  const sent = (): readonly CapturedMail[] =>
    where === undefined ? store.sent() : store.sent().filter(where);
  return {
    sent,
    lastTo: (address) =>
      sent().findLast((mail) => isMatch({ to: address }, mail)),
    waitFor: (what, options) => waitFor(store, sent, wantedMail(what), options),
    failNext: (failure) => store.failNext(failure, where),
    only: (query) => {
      checkQuery(query);
      return mailCapture(
        store,
        (mail) => (where?.(mail) ?? true) && isMatch(query, mail),
      );
    },
    clear: () => store.clear(where),
  };
}

function waitFor(
  store: CaptureStore,
  sent: () => readonly CapturedMail[],
  { find, wanted }: Wanted<CapturedMail>,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions = {},
): Promise<readonly CapturedMail[]> {
  const waiters = new Waiters((message) => new AssertionError({ message }));
  const stop = store.listen(() => waiters.changed());
  const describe = (): string => `${wanted}. Sent:\n${describeSent(sent())}`;
  return waiters.wait(() => find(sent()), timeoutMs, describe).finally(stop);
}
