import type { EventHub } from '../events/event-hub.js';
import type { Telling } from '../events/telling.js';
import type { Step } from '../pool/account-hold.js';
import type { ConnectionPool } from '../pool/connection-pool.js';
import type { Verdict } from '../pool/job.js';
import type { Reply } from '../smtp/reply.js';
import { faultBehind } from './account-fault.js';
import { classifyReply } from './classify-reply.js';
import { phaseOf } from './reply-phase.js';
import type { OutgoingMail } from './carrier.js';
import type { Places } from './places.js';
import type { RetryPolicy } from './retry-policy.js';
import {
  sameSender,
  senderPaused,
  type SenderPauses,
} from './sender-pauses.js';
import type { UnknownSends } from './unknown-sends.js';
import { tellSenderPaused } from './sender-news.js';

type Refusal = Extract<Verdict, { kind: 'rejected' }>;

/** Where sends of unknown outcome are remembered, and as whose. */
export interface Memory {
  readonly unknowns: UnknownSends;
  readonly tenant?: string | undefined;
}

/** What the deliveries of one instance share. */
export class DeliveryLine {
  readonly pool: ConnectionPool;
  readonly retry: RetryPolicy;
  readonly unknowns: UnknownSends;

  /** Whose mail it is, if a tenant's. */
  readonly tenant: string | undefined;
  readonly #senders: SenderPauses;
  readonly #places: Places;
  readonly #telling: Telling;

  constructor(
    pool: ConnectionPool,
    retry: RetryPolicy,
    senders: SenderPauses,
    places: Places,
    telling: Telling,
    { unknowns, tenant }: Memory,
  ) {
    this.pool = pool;
    this.retry = retry;
    this.unknowns = unknowns;
    this.tenant = tenant;
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

  /**
   * The relay has refused a message, begun at `startedAt`. An account at fault
   * is paused; tells who is to blame.
   */
  refused(
    mail: OutgoingMail,
    { command, reply }: Refusal,
    startedAt: number,
  ): 'account' | 'sender' | 'message' {
    const rule = classifyReply(phaseOf(command), reply);
    const step = command === 'DATA' ? 'body' : 'envelope';
    const accountFault = faultBehind(reply, rule);
    if (accountFault !== undefined) {
      this.pool.pauseAccount(accountFault, startedAt, step);
      return 'account';
    }
    if (rule.fault.kind === 'sender') return 'sender';
    this.passed(mail, startedAt, step);
    return 'message';
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
