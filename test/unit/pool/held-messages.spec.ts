import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { MailError } from '../../../lib/errors/mail-error.js';
import { Backlog } from '../../../lib/pool/backlog.js';
import { Holds } from '../../../lib/pool/holds.js';
import type { Job } from '../../../lib/pool/job.js';
import type { Lane } from '../../../lib/pool/lane.js';
import { Parcel } from '../../../lib/pool/parcel.js';
import { encodeBody } from '../../../lib/smtp/body-encoder.js';

const MAX_HOLD_MS = 10_000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** What waits while nothing leaves, and how each ended. */
class Held {
  readonly ended: [string, MailError][] = [];
  readonly holds: Holds;
  readonly backlog: Backlog;

  constructor() {
    this.holds = new Holds({
      paused: () => undefined,
      resumed: () => undefined,
      probeDue: () => undefined,
      holding: () => this.backlog.expire(MAX_HOLD_MS),
    });
    this.backlog = new Backlog(this.holds, undefined, () => undefined);
  }

  /** The names of those that have ended. */
  get names(): string[] {
    return this.ended.map(([name]) => name);
  }

  add(
    name: string,
    where: 'first' | 'last' = 'last',
    lane: Lane = 'normal',
  ): void {
    const job: Job = {
      lane,
      queuedAt: performance.now(),
      envelope: { from: '', to: [] },
      body: encodeBody(Buffer.alloc(0)),
      started: () => undefined,
      ended: (verdict) => {
        if (verdict.kind === 'not-sent') this.ended.push([name, verdict.error]);
      },
    };
    const home = { takeBack: () => undefined };
    this.backlog.add(new Parcel(job, home, this.backlog.rate), where);
  }
}

describe('what is held', () => {
  it('expires once it has waited for too long, lane by lane', () => {
    const held = new Held();
    held.holds.pause('an incident');
    held.add('a');
    held.add('b', 'last', 'bulk');
    vi.advanceTimersByTime(5000);
    held.add('c');
    vi.advanceTimersByTime(4999);
    expect(held.names).toEqual([]);
    vi.advanceTimersByTime(1001);

    expect(held.names).toEqual(['a', 'b']);
    expect(held.ended[0]?.[1]).toMatchObject({
      code: 'EXPIRED',
      deliveryState: 'not-sent',
    });
    expect(held.backlog.size).toBe(1);
    vi.advanceTimersByTime(5000);
    expect(held.names).toEqual(['a', 'b', 'c']);
  });

  it('expires behind what is tried again, which is younger', () => {
    const held = new Held();
    held.holds.pause('an incident');
    held.add('a');
    vi.advanceTimersByTime(5000);
    held.add('tried again', 'first');
    vi.advanceTimersByTime(6000);

    expect(held.names).toEqual(['a']);
  });

  it('does not expire for time before the pause, and no more after it', () => {
    const held = new Held();
    held.add('a');
    vi.advanceTimersByTime(60_000);
    held.holds.pause('an incident');
    vi.advanceTimersByTime(9000);
    expect(held.names).toEqual([]);
    held.holds.resume();
    vi.advanceTimersByTime(60_000);

    expect(held.names).toEqual([]);
    expect(held.holds.totalMs).toBe(9000);
  });
});

describe('a pause', () => {
  it('lasts from the first call on, whatever the reasons', () => {
    const { holds } = new Held();
    holds.pause('one');
    vi.advanceTimersByTime(3000);
    holds.pause('two');
    expect(holds.reason).toBe('two');
    expect(holds.room).toBe(0);
    vi.advanceTimersByTime(1000);
    holds.resume();
    holds.resume();

    expect(holds).toMatchObject({ reason: undefined, room: Infinity });
    expect(holds.totalMs).toBe(4000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('after the close leaves no timer behind', () => {
    const { holds } = new Held();
    holds.stop();
    holds.pause('too late');

    expect(vi.getTimerCount()).toBe(0);
  });
});
