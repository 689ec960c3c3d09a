import type { MailError } from '../errors/mail-error.js';

/** How many messages may be composed at once, their sizes not known yet. */
const COMPOSING = 16;

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
  readonly #composing = new Set<BatchMember>();
  readonly #onRoom: () => void;
  #lacking = 0;
  #recalled: MailError | undefined;

  /** `onRoom` is called when it is not full any more. */
  constructor(onRoom: () => void) {
    this.#onRoom = onRoom;
  }

  /** Whether another had better wait: there is no room, or enough is being composed. */
  get full(): boolean {
    return this.#lacking > 0 || this.#composing.size >= COMPOSING;
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

  /** One has its place, or waits for it. */
  add(member: BatchMember): void {
    this.#members.add(member);
    this.#composing.add(member);
  }

  /** One is in the queue with all its bytes. */
  composed(member: BatchMember): void {
    const { full } = this;
    this.#composing.delete(member);
    if (full && !this.full) this.#onRoom();
  }

  /** One has ended. */
  delete(member: BatchMember): void {
    this.#members.delete(member);
    this.composed(member);
  }

  /** One waits for room, until `waiting` is over. */
  async awaits(waiting: Promise<void>): Promise<void> {
    this.#lacking += 1;
    try {
      await waiting;
    } finally {
      this.#lacking -= 1;
      if (!this.full) this.#onRoom();
    }
  }
}
