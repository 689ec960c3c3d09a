import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  isMailError,
  MailService,
  SendGridSmtpModule,
  type MailErrorCode,
  type MailMessage,
  type SendGridSmtpModuleOptions,
  type SendOptions,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid, SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { MESSAGE } from './support/options.js';

/** How a failure comes about with a relay on loopback. */
interface Scenario {
  readonly options?: Partial<SendGridSmtpModuleOptions>;
  readonly message?: MailMessage;
  readonly sendOptions?: SendOptions;

  /** What happens before the send. */
  readonly before?: (mail: MailService) => unknown;

  /** What happens once the send has begun. */
  readonly meanwhile?: () => unknown;

  readonly state?: 'unknown';
}

const OTHER = { from: 'other@shop.example', to: 'ada@example.net' };
const { badKey, creditsExceeded, senderIdentity } = SENDGRID_REPLIES;

let relay: FakeSendGrid;
let app: INestApplicationContext;

beforeEach(async () => {
  relay = await FakeSendGrid.start();
});

afterEach(async () => {
  relay.release();
  await app.close();
  await relay.stop();
});

async function stalled(): Promise<void> {
  relay.fail('message', 'stall');
}

async function onTheWire(): Promise<void> {
  await relay.waitUntil(({ mailFrom }) => mailFrom > 0);
}

/**
 * Every code but that of the bootstrap, which needs no socket, and that of the
 * outbox. A new code does not compile before it has a scenario.
 */
const SCENARIOS: Record<
  Exclude<MailErrorCode, 'INVALID_OPTIONS' | 'STORE_UNAVAILABLE'>,
  Record<string, Scenario>
> = {
  INVALID_MESSAGE: {
    'a message without recipients': { message: { text: 'Hi' } },
    'a message larger than the relay takes': {
      options: { maxMessageBytes: 1000 },
      message: { ...MESSAGE, text: 'x'.repeat(2000) },
    },
  },
  TEMPLATE: {
    'a template that nobody renders': {
      message: { ...MESSAGE, template: 'welcome' },
    },
  },
  GUARD: {
    'one message more than the guard lets pass': {
      options: {
        guards: {
          total: { messages: 1, perMs: 60_000, onExceeded: 'reject' },
        },
      },
      before: (mail) => mail.send(MESSAGE),
    },
  },
  SUPPRESSED: {
    'a message to an address that bounced': {
      options: { suppressions: { reasonsFor: () => ['bounced'] } },
    },
  },
  QUEUE_FULL: {
    'a message that finds the queue full': {
      options: { queue: { maxMessages: 1 } },
      before: async (mail) => {
        await stalled();
        mail.enqueue(MESSAGE);
        await onTheWire();
      },
    },
  },
  ABORTED: {
    'a signal that has fired': {
      sendOptions: { signal: AbortSignal.abort() },
    },
    'a purge': {
      before: (mail) => mail.pause('incident'),
      meanwhile: () => app.get(MailService).purge({}),
    },
  },
  TIMED_OUT: {
    'a message that is held for longer than its time': {
      before: (mail) => mail.pause('incident'),
      sendOptions: { timeoutMs: 20 },
    },
  },
  EXPIRED: {
    'a message that is held for longer than it may be': {
      options: { retry: { maxHoldMs: 20 } },
      before: (mail) => mail.pause('incident'),
    },
    'a message too old for another attempt': {
      options: {
        pool: { maxConnections: 1, pipelining: 'envelope' },
        retry: { maxAttempts: 9, baseDelayMs: 50, maxAgeMs: 300 },
      },
      before: async () => {
        const when = ({ sender = '' }): boolean => sender !== OTHER.from;
        relay.fail('mail', '451 Later', { times: Infinity, when });
        await stalled();
      },
      meanwhile: async () => {
        await onTheWire();
        app.get(MailService).enqueue({ ...MESSAGE, envelope: OTHER });
      },
    },
  },
  RELAY_UNAVAILABLE: {
    'a relay that is gone': {
      options: { queue: { failFastAfterMs: 20 } },
      before: () => relay.stop(),
    },
    'a connection lost ten times under one message': {
      before: () => relay.fail('data', 'drop', { times: Infinity }),
      options: { queue: { failFastAfterMs: 20 } },
    },
  },
  SHUT_DOWN: {
    'an application that has been closed': { before: () => app.close() },
  },
  ACCOUNT: {
    'a key that SendGrid refuses': {
      before: () => relay.fail('auth', badKey, { times: Infinity }),
    },
    'an account that may not send for now': {
      options: { queue: { failFastAfterMs: 0 } },
      before: async (mail) => {
        relay.fail('auth', creditsExceeded);
        await Promise.allSettled([mail.verify()]);
      },
    },
  },
  SENDER: {
    'a From that SendGrid does not know': {
      before: () => relay.fail('message', senderIdentity),
    },
    'a From that is not allowed': {
      options: { allowedFrom: ['other.example'] },
    },
  },
  REJECTED: {
    'a final refusal': { before: () => relay.fail('message', '554 Never') },
    'a refusal for now, to the end': {
      options: { retry: { maxAttempts: 2, baseDelayMs: 1 } },
      before: () => relay.fail('rcpt', '450 Busy', { times: 2 }),
    },
  },
  OUTCOME_UNKNOWN: {
    'a reply that is lost': {
      before: () => relay.fail('message', 'accept-and-drop'),
      state: 'unknown',
    },
    'a reply that is not waited for': {
      before: stalled,
      sendOptions: { timeoutMs: 200 },
      state: 'unknown',
    },
  },
};

const CASES = Object.entries(SCENARIOS).flatMap(([code, scenarios]) =>
  Object.entries(scenarios).map(
    ([name, scenario]) => [code, name, scenario] as const,
  ),
);

describe('the error code', () => {
  it.each(CASES)('%s tells of %s', async (code, _, scenario) => {
    const { options, message = MESSAGE, sendOptions } = scenario;
    const module = SendGridSmtpModule.forRoot({
      ...relay.options,
      defaults: { from: 'Shop <shop@shop.example>' },
      shutdown: { timeoutMs: 100 },
      ...options,
    });
    app = await NestFactory.createApplicationContext(module, { logger: false });
    const mail = app.get(MailService);
    await scenario.before?.(mail);
    const sent = Promise.allSettled([mail.send(message, sendOptions)]);
    await scenario.meanwhile?.();
    const [result] = await sent;

    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code, deliveryState: scenario.state ?? 'not-sent' },
    });
    expect(isMailError(Reflect.get(result, 'reason'))).toBe(true);
  });
});
