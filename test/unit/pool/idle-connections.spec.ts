import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { IdleConnections } from '../../../lib/pool/idle-connections.js';
import type { SmtpConnection } from '../../../lib/smtp/smtp-connection.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Idle connections that time out after 30 s, and what became of them. */
class Bench {
  readonly retired: SmtpConnection[] = [];
  mayClose = true;
  readonly due = new Set<SmtpConnection>();
  readonly idle = new IdleConnections(30_000, {
    mayClose: () => this.mayClose,
    isDue: (connection) => this.due.has(connection),
    retire: (connection) => this.retired.push(connection),
  });

  /** Puts a connection down that becomes idle now. */
  add(state: SmtpConnection['state'] = 'open'): SmtpConnection {
    const connection = {
      state,
      idleSince: performance.now(),
    } as unknown as SmtpConnection;
    this.idle.add(connection);
    return connection;
  }
}

describe('idle connections', () => {
  it('are taken latest first', () => {
    const bench = new Bench();
    const [first, second] = [bench.add(), bench.add()];

    expect(bench.idle.size).toBe(2);
    expect(bench.idle.take()).toBe(second);
    expect(bench.idle.take()).toBe(first);
    expect(bench.idle.take()).toBeUndefined();
    expect(bench.idle.size).toBe(0);
  });

  it('that are no longer open are passed over', () => {
    const bench = new Bench();
    const open = bench.add();
    bench.add('over');
    bench.add('quitting');

    expect(bench.idle.take()).toBe(open);
    expect(bench.idle.size).toBe(0);
  });

  it('can be removed from anywhere', () => {
    const bench = new Bench();
    const [first, second] = [bench.add(), bench.add()];
    bench.idle.remove(first);
    bench.idle.remove(first);

    expect(bench.idle.size).toBe(1);
    expect(bench.idle.take()).toBe(second);
  });

  it('retire once idle for the time set, each at its own', () => {
    const bench = new Bench();
    const first = bench.add();
    vi.advanceTimersByTime(10_000);
    const second = bench.add();
    vi.advanceTimersByTime(19_999);
    expect(bench.retired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(bench.retired).toEqual([first]);
    vi.advanceTimersByTime(10_000);

    expect(bench.retired).toEqual([first, second]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stay while they are needed as a minimum, and go afterwards', () => {
    const bench = new Bench();
    bench.mayClose = false;
    const only = bench.add();
    vi.advanceTimersByTime(600_000);
    expect(bench.retired).toEqual([]);
    bench.mayClose = true;
    vi.advanceTimersByTime(1000);

    expect(bench.retired).toEqual([only]);
  });

  it('keep one clock for all of them, and none when there is none', () => {
    const bench = new Bench();
    for (let i = 0; i < 100; i += 1) bench.add();
    expect(vi.getTimerCount()).toBe(1);
    while (bench.idle.take() !== undefined);
    vi.advanceTimersByTime(30_000);

    expect(vi.getTimerCount()).toBe(0);
    expect(bench.retired).toEqual([]);
  });

  it('can all be taken at once', () => {
    const bench = new Bench();
    const all = [bench.add(), bench.add()];

    expect(bench.idle.takeAll()).toEqual(all);
    expect(bench.idle.size).toBe(0);
    expect(bench.idle.take()).toBeUndefined();
  });

  it('retire when they are due, even as the minimum', () => {
    const bench = new Bench();
    bench.mayClose = false;
    const [kept, due] = [bench.add(), bench.add()];
    bench.due.add(due);
    vi.advanceTimersByTime(1000);

    expect(bench.retired).toEqual([due]);
    expect(bench.idle.take()).toBe(kept);
  });
});
