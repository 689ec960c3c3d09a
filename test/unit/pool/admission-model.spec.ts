import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isMailError } from '../../../lib/errors/mail-error.js';
import { Admission } from '../../../lib/pool/admission.js';
import { LANES, type Lane } from '../../../lib/pool/lane.js';
import { queueBounds } from './support/bounds.js';

const MAX_MESSAGES = 4;
const MAX_BYTES = 100;

/** A message that is sent. */
const message = fc.record({
  lane: fc.constantFrom(...LANES),
  bytes: fc.integer({ min: 0, max: 150 }),
});

/** The nth of those that hold a place is settled. */
const settling = fc.nat({ max: 9 });

interface State {
  readonly answer: string;
  readonly messages: number;
  readonly bytes: number;
}

/** What the queue holds, as a list of sizes. */
class Model {
  readonly #held: number[] = [];

  get state(): Omit<State, 'answer'> {
    const bytes = this.#held.reduce((total, one) => total + one, 0);
    return { messages: this.#held.length, bytes };
  }

  settle(nth: number): number | undefined {
    return this.#held.splice(nth % (this.#held.length || 1), 1)[0];
  }

  send(bytes: number): string {
    const before = this.state;
    if (before.messages >= MAX_MESSAGES) return 'QUEUE_FULL';
    const fits = before.bytes + bytes <= MAX_BYTES;
    // A message larger than the bound is let in when it is alone.
    if (before.bytes > 0 && !fits) return 'QUEUE_FULL';
    this.#held.push(bytes);
    return 'taken';
  }
}

function send(admission: Admission, lane: Lane, bytes: number): string {
  let places = 0;
  try {
    void admission.take(lane);
    places = 1;
    void admission.addBytes(bytes);
    return 'taken';
  } catch (error) {
    if (places > 0) admission.release(0);
    return isMailError(error) ? error.code : 'another error';
  }
}

describe('a queue that rejects when it is full', () => {
  it('takes what fits, and nothing else', () => {
    const acts = fc.array(fc.oneof(message, settling), { maxLength: 100 });
    fc.assert(
      fc.property(acts, (list) => {
        const admission = new Admission(
          queueBounds({ maxMessages: MAX_MESSAGES, maxBytes: MAX_BYTES }),
        );
        const model = new Model();
        const got: State[] = [];
        const expected: State[] = [];
        for (const one of list) {
          let answers = ['settled', 'settled'];
          if (typeof one === 'number') {
            const bytes = model.settle(one);
            if (bytes !== undefined) admission.release(bytes);
          } else {
            const { lane, bytes } = one;
            answers = [send(admission, lane, bytes), model.send(bytes)];
          }
          const { messages, bytes } = admission;
          got.push({ answer: answers[0] ?? '', messages, bytes });
          expected.push({ answer: answers[1] ?? '', ...model.state });
        }

        expect(got).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
