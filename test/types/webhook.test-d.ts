import type { Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import {
  isSendGridEvent,
  OnSendGridEvent,
  type MailOutcome,
  type SendGridBounceEvent,
  type SendGridClickEvent,
  type SendGridEvent,
  type SendGridEventBase,
  type SendGridOpenEvent,
  type SendGridWebhook,
} from 'nestjs-sendgrid-smtp/webhook';

declare const webhook: SendGridWebhook;
declare const event: SendGridEvent;
declare const any: SendGridEventBase;
declare const outcome: MailOutcome;

describe('events', () => {
  it('are told apart by their names', () => {
    expectTypeOf(webhook.events$).toEqualTypeOf<Observable<SendGridEvent>>();
    if (event.event === 'bounce') {
      expectTypeOf(event).toEqualTypeOf<SendGridBounceEvent>();
      expectTypeOf(event.type).toEqualTypeOf<
        'bounce' | 'blocked' | undefined
      >();
    }
    if (isSendGridEvent(any)) {
      expectTypeOf(any).toEqualTypeOf<SendGridEvent>();
    }
  });

  it('hold unique arguments as what they may be', () => {
    expectTypeOf(event.mail_id).toEqualTypeOf<string | undefined>();
    expectTypeOf(event['order_id']).toEqualTypeOf<unknown>();
  });
});

describe('outcomes', () => {
  it('are told apart by their kinds', () => {
    if (outcome.kind === 'opened') {
      expectTypeOf(outcome.machine).toEqualTypeOf<boolean>();
    }
    if (outcome.kind === 'bounced' || outcome.kind === 'blocked') {
      expectTypeOf(outcome.reason).toEqualTypeOf<string | undefined>();
    }
    // @ts-expect-error -- only clicks have a URL
    void outcome.url;
  });
});

describe('OnSendGridEvent', () => {
  it('decorates methods that take the events that it names', () => {
    class Handlers {
      @OnSendGridEvent('open')
      onOpen(one: SendGridOpenEvent): string {
        return String(one.useragent);
      }

      @OnSendGridEvent('open', 'click')
      async onEither(
        one: SendGridOpenEvent | SendGridClickEvent,
      ): Promise<void> {
        await Promise.resolve(one.ip);
      }

      @OnSendGridEvent('teleported')
      onOther(one: SendGridEventBase): void {
        void one['speed'];
      }

      @OnSendGridEvent()
      onAny(): void {}

      // @ts-expect-error -- a bounce is no open
      @OnSendGridEvent('bounce')
      onWrong(one: SendGridOpenEvent): void {
        void one;
      }

      // @ts-expect-error -- there are other events than opens
      @OnSendGridEvent()
      onTooFew(one: SendGridOpenEvent): void {
        void one;
      }
    }
    expectTypeOf(Handlers).toBeConstructibleWith();
  });
});
