import type { MailEvent } from '../events/mail-event.js';
import type { FailedEvent, SentEvent } from '../events/message-events.js';
import {
  ATTRIBUTES,
  SEND_ATTRIBUTES,
  type CommonAttributes,
} from './attributes.js';
import type { Instruments } from './instruments.js';

/** Makes a listener of events that counts what they tell. */
export function countEvents(
  instruments: Instruments,
  common: CommonAttributes,
): (event: MailEvent) => void {
  const { connectionsOpened, connectionsClosed, deferrals } = instruments;
  const closed = (reason: string): void =>
    connectionsClosed.add(1, { ...common, [ATTRIBUTES.reason]: reason });
  return (event) => {
    switch (event.type) {
      case 'sent':
        countSent(instruments, common, event);
        break;
      case 'failed':
        countFailed(instruments, common, event);
        break;
      case 'deferred':
        deferrals.add(1, { ...common, [ATTRIBUTES.lane]: event.lane });
        break;
      case 'connection-opened':
        connectionsOpened.add(1, common);
        break;
      case 'connection-rotated':
        closed(event.reason);
        break;
      case 'connection-lost':
        closed(`lost-${event.stage}`);
        break;
      default:
    }
  };
}

function countSent(
  { messages, sentMessages, attempts, queueTime, recipients }: Instruments,
  common: CommonAttributes,
  event: SentEvent,
): void {
  const inLane = { ...common, [ATTRIBUTES.lane]: event.lane };
  messages.add(1, { ...inLane, [ATTRIBUTES.outcome]: 'accepted' });
  sentMessages.add(1, { ...common, ...SEND_ATTRIBUTES });
  attempts.record(event.attempts, inLane);
  queueTime.record(event.queuedMs / 1000, inLane);
  for (const outcome of ['accepted', 'rejected'] as const) {
    const count = event[outcome];
    if (count === 0) continue;
    recipients.add(count, { ...common, [ATTRIBUTES.outcome]: outcome });
  }
}

function countFailed(
  { messages, sentMessages, attempts }: Instruments,
  common: CommonAttributes,
  { lane, code, scope, deliveryState, attempts: tries }: FailedEvent,
): void {
  const inLane = { ...common, [ATTRIBUTES.lane]: lane };
  const errorType = { [ATTRIBUTES.errorType]: code };
  messages.add(1, {
    ...inLane,
    ...errorType,
    [ATTRIBUTES.outcome]: deliveryState,
    [ATTRIBUTES.scope]: scope,
  });
  if (tries === 0) return;
  sentMessages.add(1, { ...common, ...SEND_ATTRIBUTES, ...errorType });
  attempts.record(tries, inLane);
}
