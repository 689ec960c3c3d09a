import type { Observable } from 'rxjs';
import { assertType, describe, expectTypeOf, it } from 'vitest';
import type {
  CapLearnedEvent,
  FailedEvent,
  MailErrorCode,
  MailEvent,
  MailEventType,
  MailService,
  ReplyInfo,
  SentEvent,
} from 'nestjs-sendgrid-smtp';

declare const mail: MailService;
declare const event: MailEvent;

describe('events$', () => {
  it('is an observable of the events', () => {
    expectTypeOf(mail.events$).toEqualTypeOf<Observable<MailEvent>>();
  });
});

describe('MailEvent', () => {
  it('is told apart by its type', () => {
    if (event.type === 'sent') {
      expectTypeOf(event).toEqualTypeOf<SentEvent>();
      expectTypeOf(event.recipients).toEqualTypeOf<readonly string[]>();
    }
    if (event.type === 'failed') {
      expectTypeOf(event).toEqualTypeOf<FailedEvent>();
      expectTypeOf(event.code).toEqualTypeOf<MailErrorCode>();
      expectTypeOf(event.reply).toEqualTypeOf<ReplyInfo | undefined>();
    }
    if (event.type === 'cap-learned') {
      expectTypeOf(event).toEqualTypeOf<CapLearnedEvent>();
    }
  });

  it('has these types', () => {
    expectTypeOf<MailEventType>().toEqualTypeOf<
      | 'queued'
      | 'sent'
      | 'deferred'
      | 'failed'
      | 'settled-late'
      | 'connection-opened'
      | 'connection-rotated'
      | 'connection-lost'
      | 'cap-learned'
      | 'pipelining-changed'
      | 'account-paused'
      | 'account-resumed'
      | 'sender-paused'
      | 'guard-tripped'
      | 'key-changed'
      | 'drained'
    >();
  });

  it('says where and when without being told apart', () => {
    expectTypeOf(event.instance).toEqualTypeOf<string>();
    expectTypeOf(event.at).toEqualTypeOf<number>();
  });

  it('refuses misuse', () => {
    // @ts-expect-error -- only some events have it
    assertType(event.messageId);
    // @ts-expect-error -- no such event
    assertType(event.type === 'bounced');
    // @ts-expect-error -- events are shared by all who listen
    event.at = 0;
  });
});
