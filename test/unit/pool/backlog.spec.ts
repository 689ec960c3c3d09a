import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { MailError } from '../../../lib/errors/mail-error.js';
import type { AccountFault } from '../../../lib/pool/account-fault.js';
import { Backlog } from '../../../lib/pool/backlog.js';
import { Holds } from '../../../lib/pool/holds.js';
import type { Job } from '../../../lib/pool/job.js';
import type { Lane } from '../../../lib/pool/lane.js';
import { Parcel } from '../../../lib/pool/parcel.js';
import { bytesBody } from '../smtp/support/transactions.js';

const HOUR = 3_600_000;
const FAULT: AccountFault = {
  kind: 'paused',
  reply: { code: 451, text: 'Maximum credits exceeded' },
  meaning: 'Used up.',
  advice: 'Buy more.',
};

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'performance'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A backlog, and what has ended in it. */
class Waiting {
  readonly ended: string[] = [];
  readonly errors: MailError[] = [];
  readonly holds = new Holds({
    paused: () => undefined,
    resumed: () => undefined,
    probeDue: () => undefined,
    holding: () => undefined,
  });
  readonly backlog = new Backlog(this.holds, undefined, () => undefined);

  add(
    name: string,
    lane: Lane = 'normal',
    where: 'first' | 'last' = 'last',
    queuedAt = performance.now(),
  ): Parcel {
    const job: Job = {
      lane,
      queuedAt,
      envelope: { from: 'a@x.example', to: ['b@x.example'] },
      body: bytesBody(),
      started: () => undefined,
      ended: (verdict) => {
        this.ended.push(name);
        if (verdict.kind === 'not-sent') this.errors.push(verdict.error);
      },
    };
    const home = { takeBack: (): void => undefined };
    const parcel = new Parcel(job, home, this.backlog.rate);
    this.backlog.add(parcel, where);
    return parcel;
  }

  fault(): void {
    this.holds.pauseAccount(FAULT, performance.now(), 'envelope');
  }
}

describe('what may leave', () => {
  it('is everything that waits, nothing while it is held, and one as a probe', () => {
    const waiting = new Waiting();
    expect(waiting.backlog.sendable).toBe(0);
    waiting.add('a');
    waiting.add('b', 'bulk');
    expect(waiting.backlog.sendable).toBe(2);
    waiting.fault();
    expect(waiting.backlog.sendable).toBe(0);
    vi.advanceTimersByTime(60_000);

    expect(waiting.backlog.sendable).toBe(1);
  });
});

describe('what has come back', () => {
  it('goes before all that waits in its lane, and in no other', () => {
    const waiting = new Waiting();
    const bulk = waiting.add('bulk', 'bulk');
    const normal = waiting.add('normal');
    const back = waiting.add('back', 'bulk', 'first');

    expect(waiting.backlog.take()).toBe(normal);
    expect(waiting.backlog.take()).toBe(back);
    expect(waiting.backlog.take()).toBe(bulk);
  });
});

describe('what is held for too long', () => {
  it('ends in every lane, oldest first, and what came later stays', () => {
    const waiting = new Waiting();
    waiting.add('urgent', 'urgent');
    waiting.add('bulk', 'bulk');
    waiting.add('normal');
    waiting.fault();
    vi.advanceTimersByTime(1000);
    waiting.add('late');
    vi.advanceTimersByTime(HOUR - 1001);
    waiting.backlog.expire(HOUR);
    expect(waiting.ended).toEqual([]);
    vi.advanceTimersByTime(1);
    waiting.backlog.expire(HOUR);

    expect(waiting.ended.toSorted()).toEqual(['bulk', 'normal', 'urgent']);
    expect(waiting.backlog.size).toBe(1);
    expect(waiting.backlog.sizeOf('bulk')).toBe(0);
    expect(waiting.errors[0]).toMatchObject({
      code: 'EXPIRED',
      scope: 'account',
      retryable: true,
      deliveryState: 'not-sent',
      reply: FAULT.reply,
      message: expect.stringContaining('`retry.maxHoldMs`'),
    });
    vi.advanceTimersByTime(1000);
    waiting.backlog.expire(HOUR);
    expect(waiting.ended).toContain('late');
  });

  it('ends behind a probe that has come back meanwhile, and that with it', () => {
    const waiting = new Waiting();
    const probe = waiting.add('probe');
    waiting.add('behind');
    waiting.fault();
    vi.advanceTimersByTime(HOUR - 1);
    waiting.backlog.take();
    waiting.add('again', 'normal', 'first', probe.queuedAt);
    vi.advanceTimersByTime(1);
    waiting.backlog.expire(HOUR);

    expect(waiting.ended).toEqual(['again', 'behind']);
  });

  it('is told apart by why it was', () => {
    const waiting = new Waiting();
    waiting.add('a');
    waiting.holds.pause('incident 7');
    vi.advanceTimersByTime(HOUR);
    waiting.backlog.expire(HOUR);

    expect(waiting.errors[0]?.message).toContain('Sending was paused');
    expect(waiting.errors[0]?.reply).toBeUndefined();
  });

  it('does not end for having waited long before', () => {
    const waiting = new Waiting();
    waiting.add('a');
    vi.advanceTimersByTime(2 * HOUR);
    waiting.backlog.expire(HOUR);
    waiting.fault();
    vi.advanceTimersByTime(HOUR - 1);
    waiting.backlog.expire(HOUR);

    expect(waiting.ended).toEqual([]);
  });
});
