import type { MailMessage } from 'nestjs-sendgrid-smtp';
import type { FaultOptions } from 'nestjs-sendgrid-smtp/testing';

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

/** A list that notes what was taken from it, and whether it was closed. */
export class NumberedSource implements Iterable<MailMessage> {
  readonly #count: number;
  taken = 0;
  closed = false;

  constructor(count: number) {
    this.#count = count;
  }

  *[Symbol.iterator](): Generator<MailMessage, void> {
    try {
      while (this.taken < this.#count) {
        this.taken += 1;
        yield numbered(this.taken - 1);
      }
    } finally {
      this.closed = true;
    }
  }
}
