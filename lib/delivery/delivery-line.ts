import type { EventHub } from '../events/event-hub.js';
import type { Telling } from '../events/telling.js';
import type { Step } from '../pool/account-hold.js';
import type { ConnectionPool } from '../pool/connection-pool.js';
import type { Reply } from '../smtp/reply.js';
import type { OutgoingMail } from './carrier.js';
import type { Places } from './places.js';
import type { RetryPolicy } from './retry-policy.js';
import {
  sameSender,
  senderPaused,
  type SenderPauses,
} from './sender-pauses.js';
import { tellSenderPaused } from './sender-news.js';

/** What the deliveries of one instance share. */
export class DeliveryLine {
  readonly pool: ConnectionPool;
  readonly retry: RetryPolicy;
  readonly #senders: SenderPauses;
  readonly #places: Places;
  readonly #telling: Telling;

  constructor(
    pool: ConnectionPool,
    retry: RetryPolicy,
    senders: SenderPauses,
    places: Places,
    telling: Telling,
  ) {
    this.pool = pool;
    this.retry = retry;
    this.#senders = senders;
    this.#places = places;
    this.#telling = telling;
  }

  get events(): EventHub {
    return this.#telling.events;
  }

  /** The relay has answered a message, begun at `startedAt`, for its own sake. */
  passed({ sender }: OutgoingMail, startedAt: number, step: Step): void {
    this.pool.accountPassed(startedAt, step);
    // The From header is looked at with the body.
    if (step === 'body') this.#senders.passed(sender, startedAt);
  }

  /** The relay refuses a message for its sender: others of the same are held off. */
  refusesSender(
    { sender }: OutgoingMail,
    reply: Reply,
    startedAt: number,
  ): void {
    const retryInMs = this.#senders.refused(sender, reply, startedAt);
    if (retryInMs === undefined) return;
    tellSenderPaused(this.#telling, sender, reply, retryInMs);
    this.#places.revokeWaiting(
      ({ holder }) => sameSender(holder?.mail?.sender, sender),
      senderPaused(reply),
    );
  }
}
