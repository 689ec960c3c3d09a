import type { MailMessage, SendOutcome, SendRun } from 'nestjs-sendgrid-smtp';
import type {
  FakeSendGrid,
  FaultOptions,
  FaultStage,
} from 'nestjs-sendgrid-smtp/testing';

/** A message of a list, told apart by its recipient. */
export function numbered(index: number): MailMessage {
  return { to: addressOf(index), subject: `No. ${index}`, text: 'Hello' };
}

export function addressOf(index: number): string {
  return `no-${index}@example.net`;
}

/** Whether a fault strikes at that message of a list, or those. */
export function at(...indexes: number[]): FaultOptions {
  const addresses = new Set(indexes.map(addressOf));
  return {
    times: Infinity,
    when: ({ recipient, recipients }) =>
      addresses.has(recipient ?? recipients[0] ?? ''),
  };
}

/**
 * Has the relay say nothing to the final dot of that message, or at another
 * stage; resolves once it is there.
 */
export function stallAt(
  relay: FakeSendGrid,
  index: number,
  stage: FaultStage = 'message',
): Promise<void> {
  return new Promise((resolve) => {
    const { when } = at(index);
    relay.fail(stage, 'stall', {
      when: (context) => {
        const strikes = when?.(context) === true;
        if (strikes) resolve();
        return strikes;
      },
    });
  });
}

/** A list that notes what was taken from it, and whether it was closed. */
export class NumberedSource implements Iterable<MailMessage> {
  readonly #count: number;
  readonly #first: number;
  taken = 0;
  closed = false;

  /** As many as that, the first with the number `first`. */
  constructor(count: number, first = 0) {
    this.#count = count;
    this.#first = first;
  }

  *[Symbol.iterator](): Generator<MailMessage, void> {
    try {
      while (this.taken < this.#count) {
        this.taken += 1;
        yield numbered(this.#first + this.taken - 1);
      }
    } finally {
      this.closed = true;
    }
  }
}

/** All that a run tells, in its order. */
export async function outcomesOf(run: SendRun): Promise<SendOutcome[]> {
  const outcomes: SendOutcome[] = [];
  for await (const outcome of run) outcomes.push(outcome);
  return outcomes;
}

/** Which messages ended so, in the order of the list. */
export function indexesOf(
  outcomes: readonly SendOutcome[],
  status: SendOutcome['status'],
): number[] {
  const these = outcomes.filter((outcome) => outcome.status === status);
  return these.map(({ index }) => index).toSorted((a, b) => a - b);
}

/** The numbers from `first` to `last`. */
export function upTo(last: number, first = 0): number[] {
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}
