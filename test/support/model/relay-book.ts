/** What a relay has seen of one message. */
export class MailBook {
  /** Recipients that were refused by name. */
  readonly refused = new Set<string>();

  /** Whether the message itself was refused. */
  refusedWhole = false;

  /** Recipients that had been accepted when a dot was read. */
  readonly dotted = new Set<string>();

  /** How often its MAIL came. */
  offered = 0;

  /** Dots that were read and got no reply, or one that may be lost. */
  unanswered = 0;

  /** Refusals by which the relay spoke of the message itself. */
  refusals = 0;

  /** Whom each taking was for. */
  readonly taken: (readonly string[])[] = [];

  /** How often it was taken for a recipient. */
  takenFor(recipient: string): number {
    return this.taken.filter((to) => to.includes(recipient)).length;
  }
}

/** What a relay has seen of every message. */
export class RelayBook {
  readonly #mails = new Map<number, MailBook>();

  of(id: number): MailBook {
    const book = this.#mails.get(id) ?? new MailBook();
    this.#mails.set(id, book);
    return book;
  }
}
