import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Place } from '../../../lib/delivery/place.js';
import { Places } from '../../../lib/delivery/places.js';
import { Shutdown } from '../../../lib/delivery/shutdown.js';
import {
  MailError,
  type MailErrorCode,
} from '../../../lib/errors/mail-error.js';
import type { MailMessage } from '../../../lib/message/mail-message.js';
import { DEFAULTS } from '../../../lib/options/defaults.js';
import type {
  DrainReport,
  UnsentMail,
} from '../../../lib/options/drain-report.js';
import type { ResolvedQueueOptions } from '../../../lib/options/resolved-options.js';
import { shutDown } from '../../../lib/delivery/verdict-errors.js';
import { telling } from '../../support/telling.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

const UNSENT = { message: {}, lane: 'normal', messageId: undefined };

/** The end of an instance whose connections only note when they are closed. */
class Ending {
  readonly closes: number[] = [];
  readonly places: Places;
  readonly shutdown: Shutdown;
  report: DrainReport | undefined;
  isPaused = false;

  constructor(queue: Partial<ResolvedQueueOptions> = {}) {
    this.places = new Places({ ...DEFAULTS.queue, ...queue }, () =>
      this.shutdown.settled(),
    );
    this.shutdown = new Shutdown(this.places, telling().events, {
      isPaused: () => this.isPaused,
      close: async (graceMs) => void this.closes.push(graceMs),
    });
  }

  take(message: MailMessage = {}): Place {
    const place = this.places.take(
      { lane: 'normal', message },
      this.shutdown.refusal,
    );
    if (place instanceof Place) return place;
    throw new Error('it has to wait');
  }

  async drain(timeoutMs = 10_000): Promise<DrainReport> {
    this.report = await this.shutdown.drain(timeoutMs);
    return this.report;
  }
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('draining', () => {
  it('closes at once when nothing is pending', async () => {
    const ending = new Ending();

    expect(await ending.drain()).toEqual({
      accepted: 0,
      rejected: 0,
      unknown: 0,
      notSent: 0,
      abandoned: [],
    });
    expect(ending.closes).toEqual([3000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for what is pending and reports how it ended', async () => {
    const ending = new Ending();
    ending.take().end('accepted');
    const pending = [ending.take(), ending.take(), ending.take()];
    void ending.drain();
    pending[0]?.end('accepted');
    pending[1]?.end('rejected');
    await settle();
    expect(ending.closes).toEqual([]);
    pending[2]?.end('unknown');
    await settle();

    expect(ending.closes).toHaveLength(1);
    expect(ending.report).toEqual({
      accepted: 1,
      rejected: 1,
      unknown: 1,
      notSent: 0,
      abandoned: [],
    });
  });

  it('refuses sends from its beginning on', async () => {
    const ending = new Ending();
    expect(ending.shutdown.refusal).toBeUndefined();
    await ending.drain();

    expect(ending.shutdown.refusal).toMatchObject({ code: 'SHUT_DOWN' });
    expect(() => ending.take()).toThrow('shut down');
  });

  it('waits for sends that still wait for a place', async () => {
    const ending = new Ending({ maxMessages: 1, whenFull: 'wait' });
    const first = ending.take();
    const waiting = ending.places.take(
      { lane: 'normal', message: {} },
      undefined,
    );
    void ending.drain();
    first.end('accepted');
    const second = await waiting;
    await settle();
    expect(ending.closes).toEqual([]);
    second.end('accepted');
    await settle();

    expect(ending.report).toMatchObject({ accepted: 2, notSent: 0 });
  });

  it('happens once, however often it is asked for', async () => {
    const ending = new Ending();
    const [first, second] = await Promise.all([
      ending.shutdown.drain(10),
      ending.shutdown.drain(10),
    ]);

    expect(second).toBe(first);
    expect(ending.closes).toHaveLength(1);
  });
});

describe('the clock of the shutdown', () => {
  it('settles what is pending when it ends, and drains', async () => {
    const ending = new Ending({ maxMessages: 1, whenFull: 'wait' });
    ending.take();
    const waiting = ending.places.take(
      { lane: 'normal', message: {} },
      undefined,
    );
    const refused = Promise.allSettled([waiting]);
    void ending.drain(200);
    vi.advanceTimersByTime(199);
    await settle();
    expect(ending.report).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(await refused).toMatchObject([{ reason: { code: 'SHUT_DOWN' } }]);
    await settle();

    expect(ending.report).toEqual({
      accepted: 0,
      rejected: 0,
      unknown: 0,
      notSent: 2,
      abandoned: [UNSENT, UNSENT],
    });
  });

  it('runs once: the drain gets what is left of it', async () => {
    const ending = new Ending();
    ending.shutdown.begin(1000);
    vi.advanceTimersByTime(900);
    const place = ending.take();
    ending.shutdown.begin(1000);
    void ending.drain(1000);
    vi.advanceTimersByTime(99);
    expect(place.held).toBe(true);
    vi.advanceTimersByTime(1);

    expect(place.held).toBe(false);
  });

  it('ends earlier when a later call says so', async () => {
    const ending = new Ending();
    ending.take();
    const drained = ending.drain(60_000);
    vi.advanceTimersByTime(100);
    ending.shutdown.begin(1000);
    vi.advanceTimersByTime(500);
    void ending.shutdown.drain(400);
    vi.advanceTimersByTime(400);

    expect(await drained).toMatchObject({ notSent: 1 });
    ending.shutdown.begin(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not refuse sends before it ends or the drain begins', () => {
    const ending = new Ending();
    ending.shutdown.begin(1000);
    vi.advanceTimersByTime(999);
    expect(ending.take().held).toBe(true);
    vi.advanceTimersByTime(1);

    expect(ending.shutdown.refusal).toMatchObject({ code: 'SHUT_DOWN' });
  });

  it('counts what has ended since it started', async () => {
    const ending = new Ending();
    ending.take().end('accepted');
    const place = ending.take();
    ending.shutdown.begin(1000);
    place.end('rejected');

    expect(await ending.drain()).toEqual({
      accepted: 0,
      rejected: 1,
      unknown: 0,
      notSent: 0,
      abandoned: [],
    });
  });

  it.each([
    [10_000, 0, 3000],
    [10_000, 8500, 1500],
    [1000, 990, 50],
    [1000, 1000, 50],
  ])(
    'of %i ms leaves QUIT after %i ms another %i ms',
    async (all, at, left) => {
      const ending = new Ending();
      ending.shutdown.begin(all);
      vi.advanceTimersByTime(at);
      await ending.drain(all);

      expect(ending.closes).toEqual([left]);
    },
  );

  it('keeps no process alive after the drain', async () => {
    const ending = new Ending();
    ending.shutdown.begin(60_000);
    await ending.drain();

    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the messages in the report', () => {
  /** What the report of a message that ended with that error holds. */
  function reported(
    code: MailErrorCode,
    retryable: boolean,
  ): readonly UnsentMail[] {
    const ending = new Ending();
    ending.shutdown.begin(1000);
    const place = ending.take({ subject: code });
    place.release(new MailError(code, code, { retryable }));
    return ending.places.abandoned;
  }

  it.each<[MailErrorCode, boolean]>([
    ['SHUT_DOWN', true],
    ['RELAY_UNAVAILABLE', true],
    ['EXPIRED', true],
    ['QUEUE_FULL', true],
    ['SENDER', true],
    ['ACCOUNT', true],
    ['ACCOUNT', false],
  ])('are those that another time may help: %s', (code, retryable) => {
    expect(reported(code, retryable)).toMatchObject([
      { message: { subject: code }, lane: 'normal' },
    ]);
  });

  it.each<[MailErrorCode, boolean]>([
    ['ABORTED', true],
    ['TIMED_OUT', true],
    ['GUARD', true],
    ['INVALID_MESSAGE', false],
    ['SENDER', false],
    ['RELAY_UNAVAILABLE', false],
  ])(
    'are not those that nobody wants any more, or none: %s',
    (code, retryable) => {
      expect(reported(code, retryable)).toEqual([]);
    },
  );

  it('are none from before the shutdown', async () => {
    const ending = new Ending();
    ending.take().release(shutDown());
    const place = ending.take();
    ending.shutdown.begin(1000);
    place.end('rejected', shutDown());

    expect(await ending.drain()).toMatchObject({ notSent: 0, abandoned: [] });
  });

  it('hold those that came after the drain began, too', async () => {
    const ending = new Ending();
    const place = ending.take();
    const drained = ending.drain();
    expect(() => ending.take({ subject: 'late' })).toThrow('shut down');
    place.end('accepted');

    expect(await drained).toMatchObject({
      accepted: 1,
      notSent: 1,
      abandoned: [{ message: { subject: 'late' } }],
    });
  });

  it('hold those that still waited for room', async () => {
    const ending = new Ending({ maxMessages: 1, whenFull: 'wait' });
    ending.take({ subject: 'first' });
    const message = { subject: 'second' };
    const waiting = ending.places.take({ lane: 'bulk', message }, undefined);
    const refused = Promise.allSettled([waiting]);
    const drained = ending.drain(200);
    vi.advanceTimersByTime(200);
    await refused;

    const { abandoned } = await drained;
    expect(abandoned).toHaveLength(2);
    expect(abandoned).toContainEqual({ message, lane: 'bulk' });
  });
});

describe('a shutdown while somebody has paused sending', () => {
  it('settles at once what waits, and takes nothing more', async () => {
    const ending = new Ending({ maxMessages: 2, whenFull: 'wait' });
    ending.isPaused = true;
    const held = ending.take({ subject: 'held' });
    const places = [ending.take()];
    places[0]?.heldBy({ waiting: false, giveUp: () => undefined });
    const third = { lane: 'normal', message: { subject: 'third' } } as const;
    const waiting = Promise.allSettled([ending.places.take(third, undefined)]);
    ending.shutdown.begin(10_000);

    expect(held.held).toBe(false);
    expect(await waiting).toMatchObject([{ reason: { code: 'SHUT_DOWN' } }]);
    expect(() => ending.take()).toThrow('Sending was paused');
    void ending.drain();
    places[0]?.end('accepted');
    await settle();
    expect(ending.report).toMatchObject({ accepted: 1, notSent: 3 });
    expect(ending.report?.abandoned).toHaveLength(3);
  });

  it('does so when the pause comes later', async () => {
    const ending = new Ending();
    const held = ending.take();
    void ending.drain();
    expect(held.held).toBe(true);
    ending.isPaused = true;
    ending.shutdown.paused();
    await settle();

    expect(ending.report).toMatchObject({ notSent: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes sends again when it is resumed before the drain', () => {
    const ending = new Ending();
    ending.isPaused = true;
    ending.shutdown.begin(10_000);
    expect(ending.shutdown.refusal).toMatchObject({ code: 'SHUT_DOWN' });
    ending.isPaused = false;

    expect(ending.take().held).toBe(true);
  });

  it('is no matter before the shutdown', () => {
    const ending = new Ending();
    ending.isPaused = true;
    const held = ending.take();
    ending.shutdown.paused();

    expect(held.held).toBe(true);
    expect(ending.shutdown.refusal).toBeUndefined();
  });
});
