import { SetMetadata } from '@nestjs/common';
import type {
  SendGridEventBase,
  SendGridEventName,
  SendGridEventOf,
} from '../events/sendgrid-event.js';

/** Where a method's decorators leave which events it handles. */
export const HANDLED_EVENTS = 'nestjs-sendgrid-smtp:webhook-events';

/**
 * Decorates a method that takes such an event.
 *
 * @typeParam Event - what the method is called with
 * @typeParam Method - the method
 */
export type SendGridEventHandlerDecorator<Event extends SendGridEventBase> = <
  Method extends (event: Event) => unknown,
>(
  target: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/**
 * Has a method of a provider or controller called with every event of the given
 * names, or with every event when there is none. What it throws, or its promise
 * rejects with, is logged, and the event is not handled again.
 *
 * Providers of request scope are not called.
 *
 * @example
 * ```ts
 * @OnSendGridEvent('bounce', 'dropped')
 * async onFailure(event: SendGridBounceEvent | SendGridDroppedEvent) {
 *   await this.users.markUnreachable(event.email, event.reason);
 * }
 * ```
 */
export function OnSendGridEvent<
  // Offers the known names in editors, and is open to those to come.
  Name extends SendGridEventName | (string & {}),
>(...names: Name[]): SendGridEventHandlerDecorator<SendGridEventOf<Name>>;
export function OnSendGridEvent(...names: string[]): MethodDecorator {
  return SetMetadata(HANDLED_EVENTS, names);
}
