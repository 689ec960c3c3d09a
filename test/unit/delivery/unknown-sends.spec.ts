import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryUnknownSends } from '../../../lib/delivery/memory-unknown-sends.js';
import { UnknownSends } from '../../../lib/delivery/unknown-sends.js';
import type { UnknownSend } from '../../../lib/options/unknown-send-store.js';
import { telling } from '../../support/telling.js';

let count = 0;

function send(overrides: Partial<UnknownSend> = {}): UnknownSend {
  count += 1;
  return {
    id: `id-${count}`,
    messageId: `<${count}@shop.example>`,
    mailId: `mail-${count}`,
    recipients: ['ada@example.com'],
    lane: 'normal',
    since: Date.now(),
    waits: false,
    ...overrides,
  };
}

describe('MemoryUnknownSends', () => {
  it('settles a send by its correlation id or its Message-ID, once', () => {
    const store = new MemoryUnknownSends();
    const [one, other] = [send(), send()];
    store.add(one);
    store.add(other);
    const recipient = 'ada@example.com';
    const byMailId = { mailId: one.mailId ?? '', recipient };
    const byMessageId = { messageId: other.messageId, recipient };

    const settled = store.settle([byMailId, byMailId, byMessageId]);

    expect(settled).toEqual([
      { send: one, by: byMailId },
      { send: other, by: byMessageId },
    ]);
    expect(store.settle([byMailId, byMessageId])).toEqual([]);
    expect(store.size).toBe(0);
  });

  it('takes the parts of a message apart by their recipients', () => {
    const store = new MemoryUnknownSends();
    const [one, other] = [
      send({ mailId: 'm', messageId: '<m>', recipients: ['a@x.example'] }),
      send({ mailId: 'm', messageId: '<m>', recipients: ['b@x.example'] }),
    ];
    store.add(one);
    store.add(other);

    const settled = store.settle([{ mailId: 'm', recipient: 'b@x.example' }]);

    expect(settled.map((each) => each.send)).toEqual([other]);
    expect(store.size).toBe(1);
  });

  it('does not take a recipient alone for a name', () => {
    const store = new MemoryUnknownSends();
    store.add(send());

    const named = { recipient: 'ada@example.com', at: Date.now() };

    expect(store.settle([named, { mailId: 'mail-1' }])).toEqual([]);
  });

  it('keeps what settled a send that waits until it is removed', () => {
    const store = new MemoryUnknownSends();
    const one = send({ waits: true });
    store.add(one);
    const by = { messageId: one.messageId, recipient: 'ada@example.com' };

    expect(store.settledBy(one)).toBeUndefined();
    store.settle([by]);

    expect(store.settledBy(one)).toBe(by);
    store.remove(one);
    expect(store.settledBy(one)).toBeUndefined();
  });

  it('forgets the oldest beyond its bound', () => {
    const store = new MemoryUnknownSends(2);
    const sends = [send(), send(), send()];
    for (const one of sends) store.add(one);

    const named = sends.map(({ messageId }) => ({
      messageId,
      recipient: 'ada@example.com',
    }));

    expect(store.size).toBe(2);
    expect(store.settle(named).map((each) => each.send)).toEqual(
      sends.slice(1),
    );
  });
});

describe('UnknownSends', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells of a send that has ended, as its tenant, and of none that waits', async () => {
    const told = telling();
    const events: unknown[] = [];
    told.events.subscribe({ next: (event) => events.push(event) });
    const unknowns = new UnknownSends(told);
    const [one, waiting] = [send({ tenant: 'acme' }), send({ waits: true })];
    unknowns.add(one);
    unknowns.add(waiting);
    vi.advanceTimersByTime(1500);

    const settled = await unknowns.settle(
      [one, waiting].map(({ messageId }) => ({
        messageId,
        sendGridId: 'q1',
        recipient: 'ada@example.com',
      })),
    );

    expect(settled).toBe(1);
    expect(events).toEqual([
      {
        type: 'settled-late',
        instance: 'tests',
        tenant: 'acme',
        at: expect.any(Number),
        messageId: one.messageId,
        mailId: one.mailId,
        sendGridId: 'q1',
        lane: 'normal',
        outcome: 'accepted',
        by: 'event',
        lateMs: 1500,
        recipients: ['***@example.com'],
      },
    ]);
  });

  it('goes on without a store that fails, and warns once', async () => {
    const warnings: string[] = [];
    const log = {
      info: () => undefined,
      warn: (w: string) => warnings.push(w),
    };
    const fail = (): never => {
      throw new Error('no store');
    };
    const store = {
      add: fail,
      remove: fail,
      settle: () => Promise.reject(new Error('no store')),
      settledBy: fail,
    };
    const unknowns = new UnknownSends(telling(log), store);

    unknowns.add(send());

    await expect(unknowns.settle([])).resolves.toBe(0);
    await expect(unknowns.settledBy(send())).resolves.toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('no store');
  });
});
