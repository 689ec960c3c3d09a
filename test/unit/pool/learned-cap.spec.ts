import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { MailEvent } from '../../../lib/events/mail-event.js';
import { LearnedCap } from '../../../lib/pool/learned-cap.js';
import { telling } from '../../support/telling.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

let lines: string[];
let cap: LearnedCap;
let heard: MailEvent[];
const told = telling({
  info: (line) => lines.push(line),
  warn: (line) => lines.push(line),
});
told.events.subscribe({ next: (event) => heard.push(event) });

beforeEach(() => {
  lines = [];
  heard = [];
  cap = new LearnedCap();
});

/** Connections, one after the other, that the relay ends. */
function end(...messages: number[]): void {
  for (const one of messages) {
    const createdAt = performance.now();
    vi.advanceTimersByTime(1000);
    cap.ended(one, createdAt, told);
    cap.carried(one);
    vi.advanceTimersByTime(1);
  }
}

/** A connection that this side ends. */
function quit(messages: number): void {
  if (messages > cap.doubtedAbove) cap.survived(messages);
  cap.carried(messages);
}

describe('a cap', () => {
  it.each([
    [[350, 350, 350], 350],
    [[349, 350, 349], 349],
    [[351, 350, 350], 350],
    [[80, 80, 80], 80],
    [[10, 10, 10, 10], 10],
    // In between, one was lost early.
    [[350, 3, 350, 350, 350], 350],
    // It was 500 before.
    [[500, 500, 350, 350, 350, 350], 350],
  ])('is learned from ends after %j: %i', (messages, expected) => {
    end(...messages.slice(0, -1));
    expect(cap.value).toBe(Infinity);
    end(...messages.slice(-1));

    expect(cap.value).toBe(expected);
    expect(lines).toEqual([
      expect.stringContaining(`after ${expected} messages`),
    ]);
  });

  it('that is learned is an event', async () => {
    end(350, 350, 350);
    await Promise.resolve();

    expect(heard).toMatchObject([{ type: 'cap-learned', cap: 350 }]);
  });

  it.each([
    [[350, 350, 352]],
    [[350, 340, 360]],
    [[9, 9, 9, 9, 9, 9]],
    [[0, 0, 0, 0, 0, 0]],
  ])('is not learned from ends after %j', (messages) => {
    end(...messages);

    expect(cap.value).toBe(Infinity);
    expect(lines).toEqual([]);
  });

  it('is not learned when connections live beyond it in between', () => {
    for (let n = 0; n < 10; n += 1) {
      end(350);
      quit(352);
    }

    expect(cap.value).toBe(Infinity);
  });

  it('is learned when connections end before it in between', () => {
    end(350);
    quit(351);
    end(350);
    quit(20);
    end(350);

    expect(cap.value).toBe(350);
  });

  it('is not learned from connections that are ended together', () => {
    const createdAt = performance.now();
    vi.advanceTimersByTime(1000);
    for (let n = 0; n < 20; n += 1) cap.ended(350, createdAt, told);
    end(350);
    expect(cap.value).toBe(Infinity);
    end(350);

    expect(cap.value).toBe(350);
  });

  it('is lowered when the relay lowers it', () => {
    end(350, 350, 350);
    for (let n = 0; n < 10; n += 1) quit(350);
    end(200, 200, 200);

    expect(cap.value).toBe(200);
  });

  it('belongs to one host and port of the process', () => {
    const first = LearnedCap.of('cap.example', 587);

    expect(LearnedCap.of('cap.example', 587)).toBe(first);
    expect(LearnedCap.of('cap.example', 465)).not.toBe(first);
    expect(LearnedCap.of('other.example', 587)).not.toBe(first);
  });
});

describe('a learned cap', () => {
  beforeEach(() => {
    end(350, 350, 350);
    lines = [];
  });

  it('is raised by a tenth after half an hour, and so on', () => {
    vi.advanceTimersByTime(30 * MINUTE - 2);
    cap.review(told);
    expect(cap.value).toBe(350);
    vi.advanceTimersByTime(1);
    cap.review(told);
    cap.review(told);
    expect(cap.value).toBe(385);
    vi.advanceTimersByTime(30 * MINUTE);
    cap.review(told);

    expect(cap.value).toBe(424);
    expect(lines).toEqual([]);
  });

  it('is back at once when the relay insists, for twice as long', () => {
    vi.advanceTimersByTime(HOUR);
    cap.review(told);
    end(350);
    expect(cap.value).toBe(350);
    expect(lines).toHaveLength(1);
    vi.advanceTimersByTime(59 * MINUTE);
    cap.review(told);
    expect(cap.value).toBe(350);
    vi.advanceTimersByTime(MINUTE);
    cap.review(told);

    expect(cap.value).toBe(385);
  });

  it('is tried again a day later at the latest', () => {
    for (let n = 0; n < 20; n += 1) {
      vi.advanceTimersByTime(24 * HOUR);
      cap.review(told);
      expect(cap.value).toBe(385);
      end(350);
    }

    expect(cap.value).toBe(350);
  });

  it('takes a new value from one end between the old and the tried one', () => {
    vi.advanceTimersByTime(HOUR);
    cap.review(told);
    end(370);

    expect(cap.value).toBe(370);
  });

  it('is not lowered by one end below what is known to be safe', () => {
    vi.advanceTimersByTime(HOUR);
    cap.review(told);
    quit(385);
    end(350);

    expect(cap.value).toBe(385);
  });

  it('is forgotten at 5,000, with one line in the log and an event', async () => {
    for (let n = 0; n < 40; n += 1) {
      vi.advanceTimersByTime(30 * MINUTE);
      cap.review(told);
    }

    expect(cap.value).toBe(Infinity);
    expect(lines).toEqual([expect.stringContaining('no longer known')]);
    await Promise.resolve();
    expect(heard).toHaveLength(2);
    expect(heard[1]).not.toHaveProperty('cap');
  });
});
