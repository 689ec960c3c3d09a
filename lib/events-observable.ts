import { Observable } from 'rxjs';
import type { EventHub } from './events/event-hub.js';
import type { MailEvent } from './events/mail-event.js';

/** The events of an instance as they happen, until it is drained. */
export function eventsOf(events: EventHub): Observable<MailEvent> {
  return new Observable((subscriber) =>
    events.subscribe({
      next: (event) => subscriber.next(event),
      ended: () => subscriber.complete(),
    }),
  );
}
