import { eventIds } from './event-ids.js';
import type { MailOutcome } from './mail-outcome.js';
import {
  isSendGridEvent,
  type SendGridEvent,
  type SendGridEventBase,
} from './sendgrid-event.js';

type WithoutBase<Outcome> = Outcome extends MailOutcome
  ? Omit<Outcome, keyof ReturnType<typeof eventIds> | 'event'>
  : never;

/**
 * What an event says of a message's fate, in one vocabulary. `undefined` for
 * those that say nothing of it: `processed`, `group_resubscribe`,
 * `account_status_change` and events of an unknown kind.
 */
export function outcomeOf(event: SendGridEventBase): MailOutcome | undefined {
  if (!isSendGridEvent(event)) return undefined;
  const told = toldBy(event);
  return told && { ...told, ...eventIds(event), event };
}

// oxlint-disable-next-line complexity -- a table in the form of a switch, which narrows the type
function toldBy(event: SendGridEvent): WithoutBase<MailOutcome> | undefined {
  switch (event.event) {
    case 'delivered':
      return { kind: 'delivered' };
    case 'deferred':
      return deferred(event.response ?? event.reason, event.attempt);
    case 'bounce':
      return event.type === 'blocked'
        ? undelivered('blocked', event)
        : undelivered('bounced', event);
    case 'dropped':
      return undelivered('dropped', event);
    case 'spamreport':
      return { kind: 'complained' };
    case 'unsubscribe':
      return { kind: 'unsubscribed' };
    case 'group_unsubscribe':
      return unsubscribedFrom(event.asm_group_id);
    case 'open':
      return { kind: 'opened', machine: event.sg_machine_open === true };
    case 'click':
      return { kind: 'clicked', ...given('url', event.url) };
    default:
      return undefined;
  }
}

function deferred(reason: unknown, attempt: unknown): WithoutBase<MailOutcome> {
  const count = typeof attempt === 'string' ? Number(attempt) : attempt;
  return {
    kind: 'deferred',
    ...given('reason', reason),
    ...(isWhole(count) && { attempt: count }),
  };
}

function undelivered(
  kind: 'bounced' | 'blocked' | 'dropped',
  { reason, status }: { readonly reason?: string; readonly status?: string },
): WithoutBase<MailOutcome> {
  return { kind, ...given('reason', reason), ...given('status', status) };
}

function unsubscribedFrom(group: unknown): WithoutBase<MailOutcome> {
  return {
    kind: 'unsubscribed',
    ...(isWhole(group) && { groupId: group }),
  };
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}

/** A field whose value is a text, as far as it is one. */
function given<Name extends string>(
  name: Name,
  value: unknown,
): { readonly [N in Name]?: string } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a computed name widens to string
  return (typeof value === 'string' ? { [name]: value } : {}) as {
    readonly [N in Name]?: string;
  };
}
