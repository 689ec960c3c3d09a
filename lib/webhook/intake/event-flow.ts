import { Subject } from 'rxjs';
import { eventIds } from '../events/event-ids.js';
import type { MailOutcome } from '../events/mail-outcome.js';
import { outcomeOf } from '../events/outcome-of.js';
import { parseEvents } from '../events/parse-events.js';
import {
  isSendGridEvent,
  type SendGridEvent,
  type SendGridEventBase,
} from '../events/sendgrid-event.js';
import type { EventHandlers } from '../handlers/event-handlers.js';
import type { ResolvedWebhookOptions } from '../options/resolve-webhook-options.js';
import type { Reconciler } from '../reconcile/reconciler.js';
import { suppressionOf } from '../suppression/suppression-of.js';
import type { Complaints } from './complaints.js';
import { freshEvents } from './fresh-events.js';
import { Slots } from './slots.js';

/** What becomes of a post's events: each is told once, to whoever cares. */
export class EventFlow {
  readonly #options: ResolvedWebhookOptions;
  readonly #complaints: Complaints;
  readonly #slots: Slots;
  readonly #caresForOutcomes: boolean;
  readonly events = new Subject<SendGridEvent>();
  readonly otherEvents = new Subject<SendGridEventBase>();
  readonly outcomes = new Subject<MailOutcome>();
  readonly reconcilers = new Set<Reconciler>();
  readonly handlers: EventHandlers;

  constructor(
    options: ResolvedWebhookOptions,
    handlers: EventHandlers,
    complaints: Complaints,
  ) {
    this.#options = options;
    this.#complaints = complaints;
    this.#slots = new Slots(options.concurrency);
    this.handlers = handlers;
    const { onSuppressed, suppressions } = options;
    this.#caresForOutcomes =
      onSuppressed !== undefined || suppressions !== undefined;
  }

  /** Handles the body of one post, and resolves when there is time for another. */
  async handle(body: Uint8Array): Promise<void> {
    const events = await this.#freshOf(body);
    await this.reconcile(events);
    for (const event of events) this.#tell(event);
    await this.#slots.whenRoom();
  }

  /** Settles what the events are about; resolves with how many that were. */
  async reconcile(events: readonly SendGridEventBase[]): Promise<number> {
    const expecting = [...this.reconcilers].filter(
      (one) => one.expecting !== false,
    );
    if (expecting.length === 0 || events.length === 0) return 0;
    const named = events.map(eventIds);
    const counts = await Promise.all(
      expecting.map((one) => this.#reconcileWith(one, named)),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Resolves once every handler has ended. */
  async whenIdle(): Promise<void> {
    await this.#slots.whenIdle();
  }

  /** No event follows. */
  close(): void {
    this.events.complete();
    this.otherEvents.complete();
    this.outcomes.complete();
  }

  async #freshOf(body: Uint8Array): Promise<readonly SendGridEventBase[]> {
    const events = this.#read(body);
    try {
      return await freshEvents(events, this.#options.seen);
    } catch (error) {
      this.#complaints.failed('The store `seen`', error);
      return events;
    }
  }

  #read(body: Uint8Array): readonly SendGridEventBase[] {
    try {
      return parseEvents(body);
    } catch {
      // What the error quotes of the body may be personal data.
      const why = `its ${body.byteLength} bytes are no JSON`;
      this.#complaints.failed('Reading a signed post', why);
      return [];
    }
  }

  async #reconcileWith(
    reconciler: Reconciler,
    named: Parameters<Reconciler['reconcile']>[0],
  ): Promise<number> {
    try {
      return await reconciler.reconcile(named);
    } catch (error) {
      this.#complaints.failed('Reconciling', error);
      return 0;
    }
  }

  #tell(event: SendGridEventBase): void {
    if (isSendGridEvent(event)) this.events.next(event);
    else this.otherEvents.next(event);
    for (const handler of this.handlers.of(event)) {
      this.#run(handler.where, () => handler.handle(event));
    }
    if (!this.#caresForOutcomes && !this.outcomes.observed) return;
    const outcome = outcomeOf(event);
    if (outcome !== undefined) this.#tellOutcome(outcome);
  }

  #tellOutcome(outcome: MailOutcome): void {
    this.outcomes.next(outcome);
    const reason = suppressionOf(outcome);
    const { recipient } = outcome;
    if (reason === undefined || recipient === undefined) return;
    const { onSuppressed, suppressions } = this.#options;
    if (suppressions !== undefined && reason !== 'group-unsubscribed') {
      this.#run('The store `suppressions`', () =>
        suppressions.add(recipient, reason),
      );
    }
    if (onSuppressed === undefined) return;
    this.#run('`onSuppressed`', () => onSuppressed(recipient, reason, outcome));
  }

  #run(where: string, work: () => unknown): void {
    this.#slots.run(async () => {
      try {
        await work();
      } catch (error) {
        this.#complaints.failed(where, error);
      }
    });
  }
}
