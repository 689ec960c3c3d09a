import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Place } from '../../../lib/delivery/place.js';
import { Places } from '../../../lib/delivery/places.js';
import { Shutdown } from '../../../lib/delivery/shutdown.js';
import { DEFAULTS } from '../../../lib/options/defaults.js';
import type { DrainReport } from '../../../lib/options/drain-report.js';
import type { ResolvedQueueOptions } from '../../../lib/options/resolved-options.js';
import { telling } from '../../support/telling.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

/** The end of an instance whose connections only note when they are closed. */
class Ending {
  readonly closes: number[] = [];
  readonly places: Places;
  readonly shutdown: Shutdown;
  report: DrainReport | undefined;

  constructor(queue: Partial<ResolvedQueueOptions> = {}) {
    this.places = new Places({ ...DEFAULTS.queue, ...queue }, () =>
      this.shutdown.settled(),
    );
    this.shutdown = new Shutdown(
      this.places,
      telling().events,
      async (graceMs) => {
        this.closes.push(graceMs);
      },
    );
  }

  take(): Place {
    const place = this.places.take(
      { lane: 'normal', message: {} },
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
      abandoned: [
        { message: {}, lane: 'normal' },
        { message: {}, lane: 'normal' },
      ],
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
