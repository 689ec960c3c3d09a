import { describe, expect, it, vi } from 'vitest';

import { MailError } from '../../../lib/errors/mail-error.js';
import type { ResolvedQueueOptions } from '../../../lib/options/resolved-options.js';
import { Admission } from '../../../lib/pool/admission.js';
import { Cancellation } from '../../../lib/pool/cancellation.js';
import { queueBounds } from './support/bounds.js';

type Limits = Partial<ResolvedQueueOptions>;

function rejecting(limits: Limits): Admission {
  return new Admission(queueBounds({ ...limits, whenFull: 'reject' }));
}

function waiting(limits: Limits): Admission {
  return new Admission(queueBounds({ ...limits, whenFull: 'wait' }));
}

/** Takes a place that is there at once. */
function place(admission: Admission): void {
  expect(admission.take('normal')).toBeUndefined();
}

/** Adds bytes that there is room for. */
function load(admission: Admission, bytes: number): void {
  expect(admission.addBytes(bytes)).toBeUndefined();
}

/** Lets everything that is due in microtasks happen. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function refusalOf(action: () => unknown): MailError {
  try {
    action();
  } catch (error) {
    if (error instanceof MailError) return error;
  }
  throw new Error('nothing was refused');
}

describe('a queue that refuses when full', () => {
  it('takes as many messages as its bound and refuses the next', () => {
    const admission = rejecting({ maxMessages: 3 });
    for (let i = 0; i < 3; i += 1) {
      expect(admission.take('normal')).toBeUndefined();
    }

    expect(refusalOf(() => admission.take('urgent'))).toMatchObject({
      code: 'QUEUE_FULL',
      retryable: true,
      deliveryState: 'not-sent',
    });
    expect(admission.messages).toBe(3);
  });

  it('takes another once one is released', () => {
    const admission = rejecting({ maxMessages: 1 });
    place(admission);
    admission.release(0);

    expect(admission.take('normal')).toBeUndefined();
    expect(admission.messages).toBe(1);
  });

  it('refuses bytes beyond its bound', () => {
    const admission = rejecting({ maxMessages: 9, maxBytes: 100 });
    place(admission);
    load(admission, 60);
    place(admission);

    expect(refusalOf(() => admission.addBytes(41)).code).toBe('QUEUE_FULL');
    expect(admission.addBytes(40)).toBeUndefined();
    expect(admission.bytes).toBe(100);
  });

  it('says how full it is and what to do', () => {
    const admission = rejecting({ maxMessages: 1, maxBytes: 100 });
    place(admission);
    load(admission, 60);

    expect(refusalOf(() => admission.take('normal')).message).toBe(
      "The mail queue is full (1 of 1 messages, 60 of 100 bytes), so nothing was sent. Send slower, raise `queue.maxMessages` or `queue.maxBytes`, or set `queue.whenFull` to 'wait'.",
    );
  });

  it('takes a message larger than the bound only when it is alone', () => {
    const admission = rejecting({ maxMessages: 9, maxBytes: 100 });
    place(admission);
    place(admission);
    expect(admission.addBytes(500)).toBeUndefined();

    expect(refusalOf(() => admission.addBytes(1)).code).toBe('QUEUE_FULL');
    admission.release(500);
    expect(admission.addBytes(1)).toBeUndefined();
    expect(refusalOf(() => admission.addBytes(500)).code).toBe('QUEUE_FULL');
  });
});

describe('a queue that waits when full', () => {
  it('lets in who waits as soon as there is room', async () => {
    const admission = waiting({ maxMessages: 1 });
    place(admission);
    let admitted = false;
    const wait = Promise.resolve(admission.take('normal')).then(() => {
      admitted = true;
    });
    await settle();
    expect(admitted).toBe(false);

    admission.release(0);
    await wait;
    expect(admission.messages).toBe(1);
  });

  it('serves lanes by urgency and each lane in its order', async () => {
    const admission = waiting({ maxMessages: 1 });
    place(admission);
    const order: string[] = [];
    const lanes = ['bulk', 'normal', 'urgent', 'bulk', 'normal', 'urgent'];
    const waits = (['bulk', 'normal', 'urgent'] as const).flatMap((lane) =>
      [1, 2].map((n) =>
        Promise.resolve(admission.take(lane)).then(() => {
          order.push(`${lane} ${n}`);
        }),
      ),
    );
    for (let i = 0; i < lanes.length; i += 1) {
      admission.release(0);
      await settle();
      expect(order).toHaveLength(i + 1);
    }
    await Promise.all(waits);

    expect(order).toEqual([
      'urgent 1',
      'urgent 2',
      'normal 1',
      'normal 2',
      'bulk 1',
      'bulk 2',
    ]);
  });

  it('serves bytes of messages taken in before new messages', async () => {
    const admission = waiting({ maxMessages: 2, maxBytes: 100 });
    const order: string[] = [];
    place(admission);
    load(admission, 100);
    place(admission);
    const bytes = Promise.resolve(admission.addBytes(90)).then(() => {
      order.push('bytes');
    });
    const taken = Promise.resolve(admission.take('urgent')).then(() => {
      order.push('place');
    });
    admission.release(100);
    await Promise.all([bytes, taken]);

    expect(order).toEqual(['bytes', 'place']);
    expect(admission).toMatchObject({ messages: 2, bytes: 90 });
  });

  it('does not let small messages overtake a large one for ever', async () => {
    const admission = waiting({ maxMessages: 9, maxBytes: 100 });
    const order: string[] = [];
    for (let i = 0; i < 3; i += 1) place(admission);
    load(admission, 60);
    const large = Promise.resolve(admission.addBytes(80)).then(() => {
      order.push('large');
    });
    const small = Promise.resolve(admission.addBytes(10)).then(() => {
      order.push('small');
    });
    await settle();
    expect(order).toEqual([]);

    admission.release(60);
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
    expect(admission.bytes).toBe(90);
  });

  it('lets a message pass that waits behind one that has given up', async () => {
    const admission = waiting({ maxMessages: 9, maxBytes: 100 });
    for (let i = 0; i < 3; i += 1) place(admission);
    load(admission, 60);
    const controller = new AbortController();
    const large = admission.addBytes(
      80,
      new Cancellation(controller.signal, undefined),
    );
    controller.abort();
    await expect(large).rejects.toMatchObject({ code: 'ABORTED' });

    expect(admission.addBytes(10)).toBeUndefined();
    expect(admission.bytes).toBe(70);
  });

  it('lets a message larger than the bound in when it is alone', async () => {
    const admission = waiting({ maxMessages: 9, maxBytes: 100 });
    place(admission);
    load(admission, 10);
    place(admission);
    let admitted = false;
    const wait = Promise.resolve(admission.addBytes(500)).then(() => {
      admitted = true;
    });
    await settle();
    expect(admitted).toBe(false);

    admission.release(10);
    await wait;
    expect(admission.bytes).toBe(500);
  });

  it('forgets who gives up while waiting', async () => {
    const admission = waiting({ maxMessages: 1 });
    place(admission);
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, undefined);
    const given = admission.take('normal', cancellation);
    const kept = admission.take('normal');
    controller.abort();

    await expect(given).rejects.toMatchObject({ code: 'ABORTED' });
    admission.release(0);
    await kept;
    expect(admission.messages).toBe(1);
    admission.release(0);
    expect(admission.messages).toBe(0);
  });

  it('lets time limits end the wait', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const admission = waiting({ maxMessages: 1 });
    place(admission);
    const given = Promise.resolve(
      admission.take('normal', new Cancellation(undefined, 50)),
    );
    vi.advanceTimersByTime(50);
    vi.useRealTimers();

    await expect(given).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  it('keeps who was let in, cancelled later or not', async () => {
    const admission = waiting({ maxMessages: 1 });
    place(admission);
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, undefined);
    const admitted = admission.take('normal', cancellation);
    admission.release(0);
    controller.abort();

    await expect(admitted).resolves.toBeUndefined();
    expect(admission.messages).toBe(1);
  });

  it('turns everybody away at once', async () => {
    const admission = waiting({ maxMessages: 2, maxBytes: 100 });
    place(admission);
    place(admission);
    load(admission, 100);
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, undefined);
    const gone = admission.take('bulk', cancellation);
    const waits = [
      admission.take('urgent'),
      admission.take('normal'),
      admission.take('bulk'),
      admission.addBytes(50),
    ];
    controller.abort();
    await expect(gone).rejects.toMatchObject({ code: 'ABORTED' });
    admission.refuseAll(new MailError('SHUT_DOWN', 'closed'));
    admission.release(100);

    const results = await Promise.allSettled(
      waits.map((wait) => Promise.resolve(wait)),
    );
    for (const result of results) {
      expect(result).toMatchObject({ reason: { code: 'SHUT_DOWN' } });
    }
    expect(admission).toMatchObject({ messages: 1, bytes: 0 });
  });
});
