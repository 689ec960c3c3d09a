import type { SendGridEventBase } from '../events/sendgrid-event.js';

/** A method that handles events, and where it is for the log. */
export interface EventHandler {
  readonly where: string;
  handle(event: SendGridEventBase): unknown;
}

const NONE: readonly EventHandler[] = [];

/** The handlers of an application, by the events that they handle. */
export class EventHandlers {
  readonly #byName = new Map<string, EventHandler[]>();
  readonly #ofAll: EventHandler[] = [];

  /** Adds a handler of these events, or of all when there is none. */
  add(names: readonly string[], handler: EventHandler): void {
    if (names.length === 0) this.#ofAll.push(handler);
    for (const name of new Set(names)) {
      const others = this.#byName.get(name) ?? [];
      this.#byName.set(name, [...others, handler]);
    }
  }

  /** Those that handle an event. */
  of({ event }: SendGridEventBase): readonly EventHandler[] {
    const named = this.#byName.get(event) ?? NONE;
    return this.#ofAll.length === 0 ? named : [...named, ...this.#ofAll];
  }
}
