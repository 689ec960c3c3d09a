import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ConnectGate } from '../../../lib/pool/connect-gate.js';
import { ConnectionError } from '../../../lib/smtp/connection-error.js';

const DOWN = new ConnectionError('connect', 'ECONNREFUSED');
const REFUSED = new ConnectionError('auth', 'The relay refused the API key', {
  reply: { code: 535, text: 'Authentication failed' },
});
const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A gate whose delays are the longest possible. */
function patient(): ConnectGate {
  return new ConnectGate(() => 1);
}

/** How long the gate stays shut after an attempt that fails now. */
function delayAfter(gate: ConnectGate, error: ConnectionError): number {
  gate.failed(error, performance.now());
  return (gate.closure?.retryAt ?? NaN) - performance.now();
}

function delays(
  gate: ConnectGate,
  error: ConnectionError,
  count: number,
): number[] {
  return Array.from({ length: count }, () => {
    const delay = delayAfter(gate, error);
    vi.advanceTimersByTime(delay + 1);
    return delay;
  });
}

describe('an open connect gate', () => {
  it('lets any number of set-ups start', () => {
    const gate = new ConnectGate();

    expect(gate.closure).toBeUndefined();
    expect(gate.keyRefused).toBe(false);
    expect(gate.allowance(0)).toBe(Infinity);
    expect(gate.allowance(8)).toBe(Infinity);
  });
});

describe('a shut gate that is told to probe now', () => {
  it('lets one start, and counts the delays anew', () => {
    const gate = patient();
    expect(delays(gate, REFUSED, 2)).toEqual([MINUTE, 5 * MINUTE]);
    gate.failed(REFUSED, performance.now());
    gate.probeNow();

    expect(gate.allowance(0)).toBe(1);
    expect(gate.allowance(1)).toBe(0);
    expect(gate.keyRefused).toBe(true);
    expect(delayAfter(gate, REFUSED)).toBe(MINUTE);
  });

  it('stays open when it is open', () => {
    const gate = patient();
    gate.probeNow();

    expect(gate.closure).toBeUndefined();
  });
});

describe('a failure to connect', () => {
  it('shuts the gate from half a second on, doubling to half a minute', () => {
    expect(delays(patient(), DOWN, 9)).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('waits a random part of that, and never longer', () => {
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(chance, { maxLength: 2000 }), (chances) => {
        let at = 0;
        const gate = new ConnectGate(() => chances[at++] ?? 0);
        chances.forEach((share, failures) => {
          const most = Math.min(30_000, 500 * 2 ** failures);

          expect(delayAfter(gate, DOWN)).toBeCloseTo(share * most, 5);
          vi.advanceTimersByTime(1);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('lets one probe at a time through once its delay is over', () => {
    const gate = patient();
    gate.failed(DOWN, performance.now());
    expect(gate.allowance(0)).toBe(0);
    vi.advanceTimersByTime(499);
    expect(gate.allowance(0)).toBe(0);
    vi.advanceTimersByTime(1);

    expect(gate.allowance(0)).toBe(1);
    expect(gate.allowance(1)).toBe(0);
  });

  it('tells since when, and why most recently', () => {
    const gate = patient();
    const since = performance.now();
    gate.failed(DOWN, since);
    vi.advanceTimersByTime(10_000);
    const latest = new ConnectionError('tls', 'certificate expired');
    gate.failed(latest, performance.now());

    expect(gate.closure).toMatchObject({ since, error: latest });
    expect(gate.keyRefused).toBe(false);
  });

  it('counts once for attempts made side by side', () => {
    const gate = patient();
    const startedAt = performance.now();
    vi.advanceTimersByTime(5);
    gate.failed(DOWN, startedAt);
    const { closure } = gate;
    vi.advanceTimersByTime(5);
    for (let i = 0; i < 7; i += 1) gate.failed(DOWN, startedAt + i / 10);

    expect(gate.closure).toEqual(closure);
    vi.advanceTimersByTime(500);
    expect(delayAfter(gate, DOWN)).toBe(1000);
  });

  it('stays shut when one of them comes up after another has failed', () => {
    const gate = patient();
    const startedAt = performance.now();
    vi.advanceTimersByTime(5);
    gate.failed(DOWN, startedAt);
    gate.succeeded(startedAt);

    expect(gate.allowance(0)).toBe(0);
  });

  it('is shut again when a message got through in between', () => {
    const gate = patient();
    const startedAt = performance.now();
    vi.advanceTimersByTime(5);
    gate.failed(DOWN, startedAt);
    gate.proven();
    gate.failed(DOWN, startedAt);

    expect(gate.allowance(0)).toBe(0);
  });

  it('is over when a connection comes up, and forgotten once it has worked', () => {
    const gate = patient();
    delays(gate, DOWN, 3);
    const { since } = gate.closure ?? {};
    gate.succeeded(performance.now());
    expect(gate.closure).toBeUndefined();
    expect(gate.allowance(3)).toBe(Infinity);
    expect(gate.troubled).toBe(true);

    expect(delayAfter(gate, DOWN)).toBe(4000);
    expect(gate.closure?.since).toBe(since);
    gate.succeeded(performance.now());
    gate.proven();
    expect(gate.troubled).toBe(false);
    vi.advanceTimersByTime(1);
    expect(delayAfter(gate, DOWN)).toBe(500);
  });
});

describe('a failure long after the gate has opened again', () => {
  it('starts anew, also when no message has gone through meanwhile', () => {
    const gate = patient();
    delays(gate, DOWN, 4);
    gate.succeeded(performance.now());
    vi.advanceTimersByTime(3_600_000);

    expect(delayAfter(gate, DOWN)).toBe(500);
    expect(gate.closure?.since).toBe(performance.now());
  });
});

describe('a refused key', () => {
  it('is tried again after 1, 5, 15 and then every 60 minutes', () => {
    const gate = new ConnectGate(() => 0);

    expect(delays(gate, REFUSED, 6)).toEqual(
      [1, 5, 15, 60, 60, 60].map((minutes) => minutes * MINUTE),
    );
    expect(gate.keyRefused).toBe(true);
  });

  it('counts once for attempts made side by side', () => {
    const gate = patient();
    const startedAt = performance.now();
    vi.advanceTimersByTime(5);
    for (let i = 0; i < 8; i += 1) gate.failed(REFUSED, startedAt);

    expect(gate.closure?.retryAt).toBe(performance.now() + MINUTE);
    vi.advanceTimersByTime(MINUTE);
    expect(delayAfter(gate, REFUSED)).toBe(5 * MINUTE);
  });

  it('is told even when an attempt beside it failed otherwise before', () => {
    const gate = patient();
    const startedAt = performance.now();
    vi.advanceTimersByTime(5);
    gate.failed(DOWN, startedAt);
    gate.failed(REFUSED, startedAt);

    expect(gate.keyRefused).toBe(true);
    expect(gate.closure?.retryAt).toBe(performance.now() + MINUTE);
  });

  it('starts at one minute, whatever failed before it', () => {
    const gate = patient();
    delays(gate, DOWN, 6);

    expect(delayAfter(gate, REFUSED)).toBe(MINUTE);
  });

  it('is forgotten when it is accepted', () => {
    const gate = patient();
    delays(gate, REFUSED, 3);
    gate.succeeded(performance.now());

    expect(gate.keyRefused).toBe(false);
    expect(delayAfter(gate, REFUSED)).toBe(MINUTE);
  });
});

describe('a refused key', () => {
  it('stays the reason when the network fails too, and keeps its delays', () => {
    const gate = patient();
    expect(delayAfter(gate, REFUSED)).toBe(MINUTE);
    vi.advanceTimersByTime(MINUTE + 1);

    expect(delayAfter(gate, DOWN)).toBe(5 * MINUTE);
    expect(gate.keyRefused).toBe(true);
    expect(gate.closure?.error).toBe(REFUSED);
    gate.succeeded(performance.now());
    expect(gate.keyRefused).toBe(false);
  });
});
