import type {
  AccountPausedEvent,
  AccountResumedEvent,
  GuardTrippedEvent,
  KeyChangedEvent,
  SenderPausedEvent,
} from './account-events.js';
import type {
  CapLearnedEvent,
  ConnectionLostEvent,
  ConnectionOpenedEvent,
  ConnectionRotatedEvent,
  PipeliningChangedEvent,
} from './connection-events.js';
import type {
  DeferredEvent,
  DrainedEvent,
  FailedEvent,
  QueuedEvent,
  SentEvent,
  SettledLateEvent,
} from './message-events.js';

/**
 * Something that happened in an instance; `type` tells which. `docs/events.md`
 * lists them all. No event holds a body or a key.
 */
export type MailEvent =
  | QueuedEvent
  | SentEvent
  | DeferredEvent
  | FailedEvent
  | SettledLateEvent
  | ConnectionOpenedEvent
  | ConnectionRotatedEvent
  | ConnectionLostEvent
  | CapLearnedEvent
  | PipeliningChangedEvent
  | AccountPausedEvent
  | AccountResumedEvent
  | SenderPausedEvent
  | GuardTrippedEvent
  | KeyChangedEvent
  | DrainedEvent;

/** What kinds of events there are. */
export type MailEventType = MailEvent['type'];

type FactsOf<Event> = Event extends MailEvent
  ? Omit<Event, 'instance' | 'tenant' | 'at'>
  : never;

/** An event as it is told: texts unmasked, without where and when. */
export type MailEventFacts = FactsOf<MailEvent>;
