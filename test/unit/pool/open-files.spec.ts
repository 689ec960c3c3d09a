import { report } from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Log } from '../../../lib/options/log.js';
import { openFileLimit } from '../../../lib/pool/open-file-limit.js';
import { OpenFiles } from '../../../lib/pool/open-files.js';
import { SetUps } from '../../../lib/pool/set-ups.js';
import { ConnectionError } from '../../../lib/smtp/connection-error.js';
import type { SmtpConnection } from '../../../lib/smtp/smtp-connection.js';
import { telling } from '../../support/telling.js';
import { poolBounds } from './support/bounds.js';
import { keySource } from './support/key-source.js';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             15433                15433                processes
Max open files            1024                 4096                 files
Max locked memory         8388608              8388608              bytes
`;

function absent(): string {
  throw new Error('ENOENT');
}

describe('the limit of open files', () => {
  it('is the soft one of /proc', () => {
    expect(openFileLimit(() => LIMITS)).toBe(1024);
  });

  it('is none when it is unlimited', () => {
    const unlimited = LIMITS.replace('1024', 'unlimited');

    expect(openFileLimit(() => unlimited)).toBeUndefined();
  });

  it.each([
    [{ userLimits: { open_files: { soft: 256, hard: 'unlimited' } } }, 256],
    [{ userLimits: { open_files: { soft: 'unlimited' } } }, undefined],
    [{}, undefined],
  ])('is that of the diagnostic report without /proc: %j', (made, limit) => {
    vi.spyOn(report, 'getReport').mockReturnValue(made);

    expect(openFileLimit(absent)).toBe(limit);
  });

  it('is that of this process', () => {
    expect(openFileLimit()).toBe(openFileLimit(absent));
  });
});

describe('what connections may open', () => {
  it.each([
    [20_000, 18_000],
    [1024, 921],
    [256, 192],
    [128, 64],
    [64, 32],
    [1, 0],
  ])('of %i files is %i', (limit, room) => {
    const { budget } = new OpenFiles(limit);
    const holder = { roomLeft: vi.fn(), giveUpOne: vi.fn() };
    for (let n = 0; n < room; n += 1) expect(budget.take(holder)).toBe(true);

    expect(budget.take(holder)).toBe(false);
  });

  it('is warned of when all pools together need more', () => {
    const files = new OpenFiles(1024);

    expect(files.promise(500)).toBeUndefined();
    expect(files.promise(421)).toBeUndefined();
    expect(files.promise(79)).toMatch(
      /may open 1024 files, .* come to 1000: no more than 921 .*`ulimit -n`.*LimitNOFILE=.*--ulimit nofile=/,
    );
    expect(files.promise(10)).toBeUndefined();
    files.release(510);
    expect(files.promise(421)).toBeUndefined();
    expect(files.promise(79)).toContain('come to 1000');
  });

  it('is never warned of where there is no limit', () => {
    expect(new OpenFiles(undefined).promise(10_000)).toBeUndefined();
  });
});

describe('set-ups', () => {
  let made: SmtpConnection[];
  let warnings: string[];
  const log: Log = {
    info: () => undefined,
    warn: (line) => warnings.push(line),
  };

  beforeEach(() => {
    made = [];
    warnings = [];
    vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  function setUps(files: OpenFiles, maxConnections: number): SetUps {
    return new SetUps({
      host: 'open-files.example',
      pool: poolBounds({ maxConnections, maxConnecting: 100 }),
      files,
      keys: keySource(),
      telling: telling(log),
      judge: () => undefined,
      pauseAccount: () => undefined,
      connect: () => {
        const connection = { createdAt: performance.now() };
        made.push(connection as SmtpConnection);
        return connection as SmtpConnection;
      },
      progress: () => undefined,
      giveUpOne: () => undefined,
    });
  }

  function failure(code: string): ConnectionError {
    const cause = Object.assign(new Error(`connect ${code}`), { code });
    return new ConnectionError('connect', 'Failed', { cause });
  }

  it('leave files for the rest of the process, and say so at the start', () => {
    const files = new OpenFiles(64);
    const first = setUps(files, 30);
    expect(warnings).toEqual([]);
    const second = setUps(files, 30);
    expect(warnings).toEqual([expect.stringContaining('come to 60')]);
    first.start(30, 0);
    second.start(30, 0);
    expect(made).toHaveLength(32);
    first.released();
    second.start(30, 2);
    expect(made).toHaveLength(33);
    first.stop();
    first.stop();

    expect(files.promise(2)).toBeUndefined();
  });

  it.each(['EMFILE', 'ENFILE'])(
    'go down to what is open upon %s, without an outage, and explain it once',
    (code) => {
      const site = setUps(new OpenFiles(undefined), 50);
      site.start(2, 10);
      for (const one of made) site.failed(one, failure(code), 10);
      site.start(5, 10);

      expect(made).toHaveLength(2);
      expect(site.closure).toBeUndefined();
      expect(warnings).toEqual([expect.stringContaining(`(${code})`)]);
      vi.advanceTimersByTime(30_000);
      site.start(5, 10);
      expect(made).toHaveLength(3);
    },
  );

  it('are held back when not even one connection can be opened', () => {
    const site = setUps(new OpenFiles(undefined), 50);
    site.start(1, 0);
    for (const one of made) site.failed(one, failure('EMFILE'), 0);

    expect(site.closure).toBeDefined();
    expect(warnings).toEqual([
      expect.stringContaining('EMFILE'),
      expect.stringContaining('No connection to the relay'),
    ]);
  });
});
