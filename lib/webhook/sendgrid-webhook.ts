import type { Observable } from 'rxjs';
import type { MailOutcome } from './events/mail-outcome.js';
import type {
  SendGridEvent,
  SendGridEventBase,
} from './events/sendgrid-event.js';
import { requireRawBody } from './signature/require-raw-body.js';
import type { EventFlow } from './intake/event-flow.js';
import type { Intake } from './intake/intake.js';
import type { Reconciler } from './reconcile/reconciler.js';

/**
 * What SendGrid's event webhook tells. Handle events with methods decorated
 * with `@OnSendGridEvent`, or subscribe here; each event is told once, also
 * when SendGrid posts it again.
 */
export class SendGridWebhook {
  readonly #flow: EventFlow;
  readonly #intake: Intake;

  /** Every documented event, from the subscription on, told apart by `event`. */
  readonly events$: Observable<SendGridEvent>;

  /** Events of kinds that SendGrid did not document when this was written. */
  readonly otherEvents$: Observable<SendGridEventBase>;

  /** What became of messages, in one vocabulary, told apart by `kind`. */
  readonly outcomes$: Observable<MailOutcome>;

  /** @internal */
  constructor(flow: EventFlow, intake: Intake) {
    this.#flow = flow;
    this.#intake = intake;
    this.events$ = flow.events.asObservable();
    this.otherEvents$ = flow.otherEvents.asObservable();
    this.outcomes$ = flow.outcomes.asObservable();
  }

  /**
   * Takes the body of a post, whose signature was verified, to be handled: for
   * a controller of your own. What it returns tells how to answer.
   *
   * @returns `false` when too much waits already: answer 503, and SendGrid
   * posts it again
   * @throws InvalidOptionsError when it is not the raw body, which has to be
   * switched on
   */
  take(body: Uint8Array): boolean {
    requireRawBody(body);
    return this.#intake.take(body);
  }

  /**
   * Settles the messages of unknown outcome that the events are about, as
   * accepted. Posts are reconciled by themselves; this is for events that came
   * another way.
   *
   * @returns how many messages that settled
   */
  async reconcile(events: readonly SendGridEventBase[]): Promise<number> {
    return this.#flow.reconcile(events);
  }

  /**
   * Has something else reconciled too, such as an outbox, from the next post
   * on.
   *
   * @returns what ends that
   */
  reconcileWith(reconciler: Reconciler): () => void {
    this.#flow.reconcilers.add(reconciler);
    return () => void this.#flow.reconcilers.delete(reconciler);
  }
}
