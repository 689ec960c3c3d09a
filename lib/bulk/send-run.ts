import { observable, type Observable } from 'rxjs';
import type { BulkRun } from './bulk-run.js';
import { observableOf } from './observable-of.js';
import type { SendOutcome } from './send-outcome.js';
import type { SendProgress, SendTotals } from './send-totals.js';

/**
 * Many messages being sent. Nothing is taken from the source before the run is
 * iterated or awaited.
 *
 * Iterated, it gives the outcome of each message in the order in which they
 * end, and the source waits for whoever reads them. Once only, and not after it
 * was awaited. Leaving the loop stops the source; what is under way then goes
 * on, and `events$` tells how it ends.
 *
 * Awaited, it sends all and resolves with the totals; it keeps no outcomes
 * then. Awaited as well as iterated, it resolves once the last message has
 * ended. So does the promise of an async function that returns a run: that
 * awaits it.
 *
 * An error of the source is thrown, as it is, once what is under way has ended;
 * {@link SendRun.totals} says where to resume. Nothing else is: a run that was
 * stopped ends, and its totals say why.
 *
 * @example
 * ```ts
 * const run = mail.sendMany(messages);
 * for await (const outcome of run) {
 *   if (outcome.status !== 'accepted') console.warn(outcome.index, outcome.error);
 * }
 * const { stopped, lowWatermark } = await run;
 * ```
 */
export class SendRun<Outcome extends SendOutcome = SendOutcome>
  implements AsyncIterable<Outcome, undefined>, PromiseLike<SendTotals>
{
  readonly #run: BulkRunOf<Outcome>;

  static {
    // RxJS's `from` takes what is both a promise and an iterable for a promise,
    // unless it says so. Not declared: it has no name that types could give it.
    Object.defineProperty(this.prototype, observable, {
      value(this: SendRun): Observable<SendOutcome> {
        return observableOf(this);
      },
    });
  }

  /** @internal */
  constructor(run: BulkRunOf<Outcome>) {
    this.#run = run;
  }

  /** How far it has come; costs nothing while it is not asked for. */
  get progress(): SendProgress {
    return this.#run.sendProgress;
  }

  /** How the messages have ended so far, and up to where nothing is left to send. */
  get totals(): SendTotals {
    return this.#run.totals;
  }

  /**
   * Iterates the outcomes, once.
   *
   * @throws MailError `INVALID_MESSAGE` for a run that was iterated or awaited
   * before
   */
  [Symbol.asyncIterator](): AsyncIterator<Outcome, undefined> {
    const run = this.#run;
    run.keepOutcomes();
    return {
      next: () => run.read(),
      return: () => {
        run.abandon();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  /** Begins, unless the run is iterated, and settles once all has ended. */
  // oxlint-disable-next-line unicorn/no-thenable -- a run can be awaited
  then<Fulfilled = SendTotals, Rejected = never>(
    onFulfilled?:
      ((totals: SendTotals) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected>;
  /**
   * Not to be called: it is there for generic types, which look at the last
   * overload only. `Awaited` goes on from it to the totals, and RxJS's `from`
   * finds nothing but an outcome, as in the iteration. It would make of a run
   * an `Observable` of outcomes or totals otherwise.
   */
  // oxlint-disable-next-line unicorn/no-thenable -- as above
  then(
    onFulfilled?:
      | ((
          totals: SendTotals &
            Outcome & { then(fulfilled: (totals: SendTotals) => void): void },
        ) => unknown)
      | null,
  ): Promise<unknown>;
  // oxlint-disable-next-line unicorn/no-thenable -- as above
  then(
    onFulfilled?: ((totals: never) => unknown) | null,
    onRejected?: ((reason: unknown) => unknown) | null,
  ): Promise<unknown> {
    this.#run.startUnread();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- by the first overload
    const fulfil = onFulfilled as ((totals: SendTotals) => unknown) | undefined;
    return this.#run.ended.then(fulfil, onRejected);
  }
}

/** What a run is to whoever has it, whatever its source gives. */
type BulkRunOf<Outcome extends SendOutcome> = Pick<
  BulkRun<never, Outcome>,
  | 'abandon'
  | 'ended'
  | 'keepOutcomes'
  | 'read'
  | 'sendProgress'
  | 'startUnread'
  | 'totals'
>;
