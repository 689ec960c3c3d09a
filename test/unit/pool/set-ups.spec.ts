import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ResolvedPoolOptions } from '../../../lib/options/resolved-options.js';
import { OpenFiles } from '../../../lib/pool/open-files.js';
import { SetUps } from '../../../lib/pool/set-ups.js';
import { accountFault } from '../../../lib/delivery/account-fault.js';
import { ConnectionError } from '../../../lib/smtp/connection-error.js';
import type { SmtpConnection } from '../../../lib/smtp/smtp-connection.js';
import { telling } from '../../support/telling.js';
import { poolBounds } from './support/bounds.js';
import { keySource } from './support/key-source.js';

const DOWN = new ConnectionError('connect', 'ECONNREFUSED');
const TURNED_AWAY = new ConnectionError('greeting', 'Refused', {
  reply: { code: 421, text: 'too many connections' },
});

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

let hosts = 0;

/** Set-ups of connections that do nothing by themselves. */
class Site {
  readonly made: SmtpConnection[] = [];
  readonly refs: string[] = [];
  readonly warnings: string[] = [];
  progresses = 0;
  readonly setUps: SetUps;

  constructor(
    pool: Partial<ResolvedPoolOptions> = {},
    files = new OpenFiles(undefined),
    readonly keys = keySource(),
  ) {
    hosts += 1;
    this.setUps = new SetUps({
      // Budgets are process-wide, one for each host.
      host: `set-ups-${hosts}.example`,
      pool: poolBounds(pool),
      files,
      keys,
      telling: telling({
        info: () => undefined,
        warn: (message) => this.warnings.push(message),
      }),
      judge: accountFault,
      pauseAccount: () => undefined,
      connect: () => this.#connect(),
      progress: () => {
        this.progresses += 1;
      },
      giveUpOne: () => undefined,
    });
  }

  /** The connection that was made last. */
  get latest(): SmtpConnection {
    const connection = this.made.at(-1);
    if (connection === undefined) throw new Error('none was made');
    return connection;
  }

  #connect(): SmtpConnection {
    const name = this.made.length;
    // All that set-ups look at.
    const connection = {
      createdAt: performance.now(),
      key: this.keys.current,
      ref: () => this.refs.push(`ref ${name}`),
      unref: () => this.refs.push(`unref ${name}`),
    } as unknown as SmtpConnection;
    this.made.push(connection);
    return connection;
  }
}

describe('set-ups', () => {
  it('start as wanted, at most as many at once as allowed', () => {
    const site = new Site({ maxConnections: 100, maxConnecting: 8 });
    site.setUps.start(3, 0);
    expect(site.setUps.size).toBe(3);
    site.setUps.start(50, 3);

    expect(site.setUps.size).toBe(8);
    expect(site.made.every((one) => site.setUps.has(one))).toBe(true);
  });

  it('stay below the limit of connections', () => {
    const site = new Site({ maxConnections: 5 });
    site.setUps.start(50, 3);
    expect(site.setUps.size).toBe(2);
    site.setUps.start(50, 5);

    expect(site.setUps.size).toBe(2);
  });

  it('start nothing when nothing is wanted', () => {
    const site = new Site();
    site.setUps.start(0, 0);
    site.setUps.start(-3, 0);

    expect(site.made).toEqual([]);
  });

  it('are over once the connection is set up', () => {
    const site = new Site();
    site.setUps.start(1, 0);
    site.setUps.succeeded(site.latest);

    expect(site.setUps.size).toBe(0);
    expect(site.setUps.has(site.latest)).toBe(false);
    expect(site.setUps.closure).toBeUndefined();
  });
});

describe('set-ups after a failure', () => {
  it('are held back, with one log line for the whole outage', () => {
    const site = new Site();
    site.setUps.start(1, 0);
    site.setUps.failed(site.latest, DOWN, 0);
    site.setUps.start(5, 0);
    expect(site.setUps.size).toBe(0);
    vi.advanceTimersByTime(1000);
    site.setUps.start(5, 0);
    expect(site.setUps.size).toBe(1);
    site.setUps.failed(site.latest, DOWN, 0);

    expect(site.warnings).toEqual(['No connection to the relay: ECONNREFUSED']);
    expect(site.setUps.closure?.error).toBe(DOWN);
  });

  it('are asked for again when the next probe is due', () => {
    const site = new Site();
    site.setUps.start(1, 0);
    site.setUps.failed(site.latest, DOWN, 0);
    site.setUps.keepTrying(true);
    site.setUps.keepTrying(true);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1000);

    expect(site.progresses).toBe(1);
  });

  it('are not asked for while a probe is under way, or stopped', () => {
    const site = new Site();
    site.setUps.start(1, 0);
    site.setUps.failed(site.latest, DOWN, 0);
    site.setUps.keepTrying(true);
    site.setUps.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1000);
    site.setUps.start(1, 0);
    site.setUps.keepTrying(true);

    expect(vi.getTimerCount()).toBe(0);
    expect(site.progresses).toBe(0);
  });

  it('go on freely after one success', () => {
    const site = new Site();
    site.setUps.start(1, 0);
    site.setUps.failed(site.latest, DOWN, 0);
    vi.advanceTimersByTime(1000);
    site.setUps.start(1, 0);
    site.setUps.succeeded(site.latest);
    site.setUps.start(5, 1);

    expect(site.setUps.size).toBe(5);
  });

  it('are limited to what is open when the relay turns one away', () => {
    const site = new Site({ maxConnections: 10 });
    site.setUps.start(1, 4);
    site.setUps.failed(site.latest, TURNED_AWAY, 4);
    site.setUps.start(5, 4);
    expect(site.setUps.size).toBe(0);
    expect(site.setUps.closure).toBeUndefined();
    vi.advanceTimersByTime(30_000);
    site.setUps.start(5, 4);

    expect(site.setUps.size).toBe(1);
  });

  it.each([
    ['the relay turns the only one away', TURNED_AWAY, 0],
    ['it fails although others are open', DOWN, 4],
  ])('are held back when %s', (_, error, open) => {
    const site = new Site();
    site.setUps.start(1, open);
    site.setUps.failed(site.latest, error, open);

    expect(site.setUps.closure).toMatchObject({ error });
  });

  it('know when the key was refused', () => {
    const site = new Site();
    const reply = { code: 535, text: 'Authentication failed' };
    site.setUps.start(1, 0);
    expect(site.setUps.keyRefused).toBe(false);
    site.setUps.failed(
      site.latest,
      new ConnectionError('auth', 'Refused', { reply }),
      0,
    );

    expect(site.setUps.keyRefused).toBe(true);
  });
});

describe('set-ups after a refused key', () => {
  const REFUSED = new ConnectionError('auth', 'Refused', {
    reply: { code: 535, text: 'Authentication failed' },
  });

  /** A site whose function gives these keys, the last for good; the first is in use. */
  async function siteGiven(...answers: string[]): Promise<Site> {
    let last = '';
    const keys = keySource(() => (last = answers.shift() ?? last));
    await keys.get();
    return new Site({}, undefined, keys);
  }

  it('wait for another key, and go on with it as if nothing had been', async () => {
    const site = await siteGiven('first', 'second');
    site.setUps.start(2, 0);
    const [one, other] = site.made;
    for (const made of [one, other]) {
      if (made !== undefined) site.setUps.failed(made, REFUSED, 0);
    }
    site.setUps.start(5, 0);
    expect(site.setUps.size).toBe(0);
    await vi.advanceTimersByTimeAsync(0);
    site.setUps.start(5, 0);

    expect(site.setUps.size).toBe(5);
    expect(site.setUps.closure).toBeUndefined();
    expect(site.warnings).toEqual([]);
    expect(site.progresses).toBe(1);
  });

  it('go on at once when another key is in use by now', async () => {
    const site = await siteGiven('first', 'second');
    site.setUps.start(1, 0);
    await site.keys.renew(site.keys.current);
    const verified = site.setUps.verify(1);
    site.setUps.failed(site.latest, REFUSED, 0);

    expect(site.setUps.size).toBe(1);
    expect(site.setUps.closure).toBeUndefined();
    site.setUps.succeeded(site.latest);
    expect(await verified).toBeUndefined();
  });

  it('are held back for a minute when there is no other', async () => {
    const site = await siteGiven('first');
    const verified = site.setUps.verify(0);
    site.setUps.failed(site.latest, REFUSED, 0);
    const verifiedToo = site.setUps.verify(0);
    await vi.advanceTimersByTimeAsync(0);

    expect(await verified).toBe(REFUSED);
    expect(await verifiedToo).toBe(REFUSED);
    expect(site.setUps.closure?.retryAt).toBe(performance.now() + 60_000);
    expect(site.warnings).toHaveLength(1);
    expect(site.made).toHaveLength(1);
  });

  it('are not asked for again and again while a function is asked', async () => {
    const site = await siteGiven('first');
    site.setUps.start(1, 0);
    site.setUps.failed(site.latest, DOWN, 0);
    vi.advanceTimersByTime(1000);
    site.setUps.start(1, 0);
    site.setUps.failed(site.latest, REFUSED, 0);
    site.setUps.keepTrying(true);
    // The one timer bounds the call of the function.
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(0);

    expect(site.progresses).toBe(1);
    expect(site.setUps.keyRefused).toBe(true);
  });

  it('probe as soon as the function gives another', async () => {
    const site = await siteGiven('first', 'first', 'second');
    site.setUps.start(1, 0);
    site.setUps.failed(site.latest, REFUSED, 0);
    await vi.advanceTimersByTimeAsync(29_999);
    site.setUps.start(5, 0);
    expect(site.setUps.size).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    site.setUps.start(5, 0);
    expect(site.setUps.size).toBe(1);
    site.setUps.succeeded(site.latest);
    site.setUps.start(5, 0);

    expect(site.setUps.size).toBe(5);
    expect(site.setUps.keyRefused).toBe(false);
  });

  it('ask no more after the end', async () => {
    const site = await siteGiven('first');
    site.setUps.start(1, 0);
    site.setUps.failed(site.latest, REFUSED, 0);
    site.setUps.stop();
    await vi.advanceTimersByTimeAsync(0);

    expect(vi.getTimerCount()).toBe(0);
    expect(site.warnings).toEqual([]);
  });
});

describe('a verification', () => {
  it('sets a connection up and tells how that went', async () => {
    const site = new Site();
    const good = site.setUps.verify(0);
    site.setUps.succeeded(site.latest);
    expect(await good).toBeUndefined();
    const bad = site.setUps.verify(1);
    site.setUps.failed(site.latest, DOWN, 1);

    expect(await bad).toBe(DOWN);
    expect(site.made).toHaveLength(2);
  });

  it('shares the set-up that is under way', async () => {
    const site = new Site();
    site.setUps.start(1, 0);
    const both = [site.setUps.verify(1), site.setUps.verify(1)];
    site.setUps.failed(site.latest, DOWN, 0);

    expect(await Promise.all(both)).toEqual([DOWN, DOWN]);
    expect(site.made).toHaveLength(1);
  });

  it('at the limit takes the open connections for proof', async () => {
    const site = new Site({ maxConnections: 2 });

    expect(await site.setUps.verify(2)).toBeUndefined();
    expect(site.made).toEqual([]);
  });
});

describe('a set-up keeps the process alive', () => {
  it('only while a message or a verification waits for it', async () => {
    const site = new Site();
    site.setUps.start(1, 0);
    site.setUps.keepTrying(true);
    site.setUps.keepTrying(false);
    expect(site.refs).toEqual(['ref 0', 'unref 0']);
    const verified = site.setUps.verify(1);
    expect(site.refs.at(-1)).toBe('ref 0');
    site.setUps.keepTrying(false);
    expect(site.refs.at(-1)).toBe('ref 0');
    site.setUps.succeeded(site.latest);
    await verified;
  });
});

describe('the budget of the process', () => {
  it('bounds set-ups, and calls for progress once there is room', () => {
    const options = { maxConnections: 10_000, maxConnecting: 20_000 };
    const site = new Site(options);
    hosts -= 1;
    const other = new Site(options);
    site.setUps.start(9999, 0);
    other.setUps.start(5, 0);
    expect(other.setUps.size).toBe(1);
    site.setUps.start(1, 9999);
    expect(site.setUps.size).toBe(9999);
    expect([site.progresses, other.progresses]).toEqual([0, 0]);
    other.setUps.succeeded(other.latest);
    other.setUps.released();

    expect([site.progresses, other.progresses]).toEqual([1, 1]);
  });
});
