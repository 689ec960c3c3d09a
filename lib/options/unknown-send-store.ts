/** By what something names a message; each name may be absent. */
export interface NamedMail {
  /** `SendReceipt.mailId` and `MailError.mailId`. */
  readonly mailId?: string | undefined;

  /** `SendReceipt.sendGridId`: what the relay queued the message as. */
  readonly sendGridId?: string | undefined;

  /** `SendReceipt.messageId`: the Message-ID header, in angle brackets. */
  readonly messageId?: string | undefined;

  /** The recipient, in lower case. */
  readonly recipient?: string | undefined;

  /** When it happened, in milliseconds since 1970. */
  readonly at?: number | undefined;
}

/** A message that left whole and got no reply. */
export interface UnknownSend {
  /** Random, and of this send alone: parts of a message share all other ids. */
  readonly id: string;

  /** The Message-ID header, in angle brackets. */
  readonly messageId: string;

  /** The correlation id; absent with `correlation: false`. */
  readonly mailId?: string;

  /** Those who may have been sent it, in lower case. */
  readonly recipients: readonly string[];

  /** Its lane in the queue. */
  readonly lane: 'urgent' | 'normal' | 'bulk';

  /** The id of the tenant, if it is one's. */
  readonly tenant?: string;

  /** Since when its outcome is unknown, in milliseconds since 1970. */
  readonly since: number;

  /** Whether the send waits to hear of it (`onUnknown: 'reconcile'`). */
  readonly waits: boolean;
}

/** A send that turned out to have been accepted, and what says so. */
export interface SettledSend {
  readonly send: UnknownSend;
  readonly by: NamedMail;
}

/**
 * Remembers sends of unknown outcome until events settle them. One that is
 * shared by several processes lets each settle what another has sent. Give each
 * instance a store, or part of one, of its own.
 *
 * Methods may be asynchronous. When one throws or rejects, sending goes on as
 * if the store knew nothing, with a warning.
 */
export interface UnknownSendStore {
  /**
   * How many sends it remembers, if it knows: `settle` is not asked while that
   * is 0.
   */
  readonly size?: number;

  /** Enters a send; one with the same `id` is replaced. */
  add(send: UnknownSend): void | Promise<void>;

  /**
   * Settles the sends that are named (see `isAbout`), and returns those that
   * were not settled before.
   */
  settle(
    named: readonly NamedMail[],
  ): readonly SettledSend[] | Promise<readonly SettledSend[]>;

  /**
   * What has settled a send that waits, if anything has. A store that has
   * forgotten the send answers `undefined`: then it counts as unsettled.
   */
  settledBy(
    send: UnknownSend,
  ): NamedMail | undefined | Promise<NamedMail | undefined>;

  /** Forgets a send, as its outcome is known. */
  remove(send: UnknownSend): void | Promise<void>;
}

/** Tells whether a name means this send: one of its ids, and one of its recipients. */
export function isAbout(send: UnknownSend, named: NamedMail): boolean {
  const { mailId, messageId, recipient } = named;
  const hasId =
    (mailId !== undefined && mailId === send.mailId) ||
    (messageId !== undefined && messageId === send.messageId);
  if (!hasId || recipient === undefined) return false;
  return send.recipients.includes(recipient);
}
