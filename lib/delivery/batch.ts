import type { MailError } from '../errors/mail-error.js';

/** One message of a {@link Batch}, from its place in the queue to its end. */
export interface BatchMember {
  /** Whether nothing of it is on the wire, and nobody took it away. */
  readonly waiting: boolean;

  /** Ends it with `error`. */
  revoke(error: MailError): void;
}

/**
 * Messages that are sent as one: they wait for room whatever `queue.whenFull`
 * says, and those that have not left can be taken back together.
 */
export class Batch {
  readonly #members = new Set<BatchMember>();
  readonly #onRoom: () => void;
  #lacking = 0;
  #recalled: MailError | undefined;

  /** `onRoom` is called when none of them waits for room any more. */
  constructor(onRoom: () => void) {
    this.#onRoom = onRoom;
  }

  /** Whether one of them waits for room. */
  get full(): boolean {
    return this.#lacking > 0;
  }

  /** What those that have not left end with, once they were taken back. */
  get recalled(): MailError | undefined {
    return this.#recalled;
  }

  /**
   * Takes back what nothing is on the wire of, and what comes back from there
   * unsent. The others go on. Only the first call counts.
   */
  recall(error: MailError): void {
    if (this.#recalled !== undefined) return;
    this.#recalled = error;
    for (const member of this.#members) {
      if (member.waiting) member.revoke(error);
    }
  }

  add(member: BatchMember): void {
    this.#members.add(member);
  }

  delete(member: BatchMember): void {
    this.#members.delete(member);
  }

  /** Notes that one waits for room, until `waiting` is over. */
  async awaits(waiting: Promise<void>): Promise<void> {
    this.#lacking += 1;
    try {
      await waiting;
    } finally {
      this.#lacking -= 1;
      if (this.#lacking === 0) this.#onRoom();
    }
  }
}
