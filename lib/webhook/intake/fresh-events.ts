import type { SendGridEventBase } from '../events/sendgrid-event.js';
import type { SeenEvents } from './seen-events.js';

/**
 * Those of some events that were not handled before. What has no id is always
 * one of them.
 */
export function freshEvents(
  events: readonly SendGridEventBase[],
  seen: SeenEvents,
): readonly SendGridEventBase[] | Promise<readonly SendGridEventBase[]> {
  const known = events.filter(hasId);
  const answer = seen.enter(known.map(({ sg_event_id: id }) => id));
  return answer instanceof Promise
    ? answer.then((isNew) => withoutOld(events, isNew))
    : withoutOld(events, answer);
}

function withoutOld(
  events: readonly SendGridEventBase[],
  isNew: readonly boolean[],
): readonly SendGridEventBase[] {
  if (isNew.every(Boolean)) return events;
  let at = 0;
  return events.filter((event) => !hasId(event) || isNew[at++] !== false);
}

function hasId(
  event: SendGridEventBase,
): event is SendGridEventBase & { readonly sg_event_id: string } {
  return typeof event.sg_event_id === 'string' && event.sg_event_id !== '';
}
