import {
  channel,
  subscribe,
  unsubscribe,
  type ChannelListener,
} from 'node:diagnostics_channel';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { EventHub } from '../../../lib/events/event-hub.js';
import type { MailEvent } from '../../../lib/events/mail-event.js';
import { Masking } from '../../../lib/options/masking.js';

const KEY = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;
const CHANNEL = 'nestjs-sendgrid-smtp:cap-learned';
const REPORT = { accepted: 2, rejected: 1, unknown: 0, notSent: 0 };

const warnings: string[] = [];

function hub(showRecipients = false): EventHub {
  warnings.length = 0;
  return new EventHub('shop', new Masking(showRecipients), {
    info: () => undefined,
    warn: (line) => warnings.push(line),
  });
}

function heardFrom(events: EventHub): MailEvent[] {
  const heard: MailEvent[] = [];
  events.subscribe({ next: (event) => heard.push(event) });
  return heard;
}

const settled = async (): Promise<void> => new Promise(setImmediate);

let onChannel: ChannelListener | undefined;
afterEach(() => {
  if (onChannel !== undefined) unsubscribe(CHANNEL, onChannel);
  onChannel = undefined;
});

function listenOnChannel(): unknown[] {
  const heard: unknown[] = [];
  onChannel = (event) => heard.push(event);
  subscribe(CHANNEL, onChannel);
  return heard;
}

describe('a hub', () => {
  it('listens while somebody is subscribed to it', () => {
    const events = hub();
    expect(events.listening).toBe(false);
    const stop = events.subscribe({ next: () => undefined });
    expect(events.listening).toBe(true);
    stop();

    expect(events.listening).toBe(false);
  });

  it('listens while somebody is subscribed to one of the channels', () => {
    const events = hub();
    listenOnChannel();
    expect(events.listening).toBe(true);
    unsubscribe(CHANNEL, onChannel ?? (() => undefined));

    expect(events.listening).toBe(false);
  });

  it('says what happened, where and when, on every way at once', async () => {
    const events = hub();
    const heard = heardFrom(events);
    const published = listenOnChannel();
    const before = Date.now();
    events.emit({ type: 'cap-learned', cap: 350 });
    await settled();

    expect(heard).toEqual([
      {
        type: 'cap-learned',
        cap: 350,
        instance: 'shop',
        at: expect.any(Number),
      },
    ]);
    expect(heard[0]?.at).toBeGreaterThanOrEqual(before);
    expect(heard[0]?.at).toBeLessThanOrEqual(Date.now());
    expect(published).toEqual(heard);
    expect(channel('nestjs-sendgrid-smtp:sent').hasSubscribers).toBe(false);
  });

  it('leaves out what is absent', async () => {
    const events = hub();
    const heard = heardFrom(events);
    events.emit({ type: 'cap-learned', cap: undefined });
    await settled();

    expect(heard[0]).not.toHaveProperty('cap');
  });

  it('calls nobody before whoever told has come to its end', async () => {
    const events = hub();
    const heard = heardFrom(events);
    events.emit({ type: 'cap-learned', cap: 1 });
    events.emit({ type: 'cap-learned', cap: 2 });
    expect(heard).toEqual([]);
    await Promise.resolve();

    expect(heard).toMatchObject([{ cap: 1 }, { cap: 2 }]);
  });

  it('goes on when a listener throws, and logs it once, masked', async () => {
    const events = hub();
    events.subscribe({
      next: () => {
        throw new Error(`No ada@example.net ${KEY}`);
      },
    });
    const heard = heardFrom(events);
    events.emit({ type: 'cap-learned', cap: 1 });
    events.emit({ type: 'cap-learned', cap: 2 });
    await settled();

    expect(heard).toHaveLength(2);
    expect(warnings).toEqual([
      expect.stringMatching(/listener.*No \*\*\*@example\.net \[redacted\]$/),
    ]);
  });
});

describe('a hub that is closed', () => {
  it('tells so last, and ends', async () => {
    const events = hub();
    const next = vi.fn();
    const ended = vi.fn();
    events.subscribe({ next, ended });
    events.emit({ type: 'cap-learned', cap: 1 });
    events.close(REPORT);
    await settled();

    expect(next.mock.calls).toMatchObject([
      [{ type: 'cap-learned' }],
      [{ type: 'drained', report: REPORT }],
    ]);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(ended.mock.invocationCallOrder[0]).toBeGreaterThan(
      next.mock.invocationCallOrder[1] ?? Infinity,
    );
    expect(events.listening).toBe(false);
  });

  it('ends at once whoever comes later', async () => {
    const events = hub();
    listenOnChannel();
    events.close(REPORT);
    await settled();
    const ended = vi.fn();
    events.subscribe({ next: () => undefined, ended });

    expect(ended).toHaveBeenCalledTimes(1);
    expect(events.listening).toBe(false);
  });
});

describe('the texts of an event', () => {
  const FAILED = {
    type: 'failed',
    messageId: '<1@shop.example>',
    lane: 'bulk',
    code: 'REJECTED',
    scope: 'recipient',
    deliveryState: 'not-sent',
    reason: `refused (<ada@example.net> ${KEY})`,
    reply: { code: 550, text: '<ada@example.net> is unknown' },
    attempts: 1,
    recipients: ['ada@example.net', '"a b"@example.org'],
  } as const;

  async function told(showRecipients: boolean): Promise<unknown> {
    const events = hub(showRecipients);
    const heard = heardFrom(events);
    events.emit(FAILED);
    await settled();
    return heard[0];
  }

  it('show the domain of addresses, also in replies, and no key', async () => {
    expect(await told(false)).toMatchObject({
      messageId: '<1@shop.example>',
      code: 'REJECTED',
      reason: 'refused (<***@example.net> [redacted]',
      reply: { code: 550, text: '<***@example.net> is unknown' },
      attempts: 1,
      recipients: ['***@example.net', '***@example.org'],
    });
  });

  it('show addresses in full when asked to, and still no key', async () => {
    expect(await told(true)).toMatchObject({
      reason: 'refused (<ada@example.net> [redacted]',
      reply: { text: '<ada@example.net> is unknown' },
      recipients: ['ada@example.net', '"a b"@example.org'],
    });
  });

  it.each(['sender', 'recipient'])('are masked in %s', async (field) => {
    const events = hub();
    const heard = heardFrom(events);
    const facts = { type: 'sender-paused', [field]: '"a@b"@x.example' };
    events.emit(facts as unknown as Parameters<EventHub['emit']>[0]);
    await settled();

    expect(heard[0]).toHaveProperty(field, '***@x.example');
  });
});
