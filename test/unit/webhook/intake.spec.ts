import { describe, expect, it } from 'vitest';
import { Complaints } from '../../../lib/webhook/intake/complaints.js';
import { Intake } from '../../../lib/webhook/intake/intake.js';
import { Slots } from '../../../lib/webhook/intake/slots.js';

/** Work that ends when it is told to. */
class Work {
  readonly #ends: (() => void)[] = [];
  running = 0;
  readonly start = async (): Promise<void> => {
    this.running += 1;
    await new Promise<void>((resolve) => this.#ends.push(resolve));
    this.running -= 1;
  };

  async end(): Promise<void> {
    this.#ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('Slots', () => {
  it('run as many as they are, and the others after that', async () => {
    const slots = new Slots(2);
    const work = new Work();
    for (let n = 0; n < 4; n += 1) slots.run(work.start);

    const seen = [work.running];
    for (let n = 0; n < 4; n += 1) {
      await work.end();
      seen.push(work.running);
    }

    expect(seen).toEqual([2, 2, 2, 1, 0]);
  });

  it('say when nothing waits, and when nothing runs', async () => {
    const slots = new Slots(1);
    const work = new Work();
    const said: string[] = [];
    slots.run(work.start);
    slots.run(work.start);
    void slots.whenRoom().then(() => said.push('room'));
    void slots.whenIdle().then(() => said.push('idle'));

    await work.end();
    expect(said).toEqual(['room']);
    await work.end();
    expect(said).toEqual(['room', 'idle']);
    await Promise.all([slots.whenRoom(), slots.whenIdle()]);
  });
});

describe('Intake', () => {
  const bytes = (count: number): Uint8Array => new Uint8Array(count);

  it('handles posts in order, one at a time, and not in the same turn', async () => {
    const work = new Work();
    const handled: number[] = [];
    const intake = new Intake(100, async (body) => {
      handled.push(body.byteLength);
      await work.start();
    });

    intake.take(bytes(1));
    intake.take(bytes(2));
    expect(handled).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(handled).toEqual([1]);
    await work.end();
    await new Promise((resolve) => setImmediate(resolve));

    expect(handled).toEqual([1, 2]);
  });

  it('takes no more than its bytes, but any post while it is empty', async () => {
    const work = new Work();
    const intake = new Intake(10, work.start);

    expect(intake.take(bytes(11))).toBe(true);
    expect(intake.take(bytes(1))).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    await work.end();
    await intake.whenEmpty();

    expect(intake.bytes).toBe(0);
    expect([intake.take(bytes(6)), intake.take(bytes(4))]).toEqual([
      true,
      true,
    ]);
    expect(intake.take(bytes(1))).toBe(false);
  });
});

describe('Complaints', () => {
  it('warn once a minute for each place, without secrets', () => {
    const lines: string[] = [];
    const log = {
      info: () => undefined,
      warn: (line: string) => lines.push(line),
    };
    const complaints = new Complaints(log);

    complaints.failed('One', new Error('with SG.abcdefghijklmnopqrstuv.x'));
    complaints.failed('One', 'again');
    complaints.failed('Two', 'text');

    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^One failed: with /);
    expect(lines[0]).not.toContain('abcdefgh');
    expect(lines[1]).toBe('Two failed: text');
  });
});
