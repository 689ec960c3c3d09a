import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Admission } from '../../../lib/pool/admission.js';
import { Cancellation } from '../../../lib/pool/cancellation.js';
import { LANES } from '../../../lib/pool/lane.js';
import { queueBounds } from './support/bounds.js';

const MAX_MESSAGES = 3;
const MAX_BYTES = 100;

const message = fc.record({
  lane: fc.constantFrom(...LANES),
  bytes: fc.integer({ min: 0, max: 150 }),
  /** After how many turns of the clock it is aborted, if it still waits. */
  patience: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
});

type Message = typeof message extends fc.Arbitrary<infer T> ? T : never;
type State = 'waits' | 'holds-place' | 'holds-bytes' | 'gave-up' | 'done';

/** One message on its way through the queue, as a delivery would take it. */
class Traveller {
  readonly #message: Message;
  readonly #admission: Admission;
  readonly #controller = new AbortController();
  readonly #cancellation = new Cancellation(this.#controller.signal, undefined);
  #age = 0;
  state: State = 'waits';

  constructor(given: Message, admission: Admission) {
    this.#message = given;
    this.#admission = admission;
  }

  get bytes(): number {
    return this.state === 'holds-bytes' ? this.#message.bytes : 0;
  }

  get holds(): boolean {
    return this.state.startsWith('holds');
  }

  async travel(): Promise<void> {
    const { lane, bytes } = this.#message;
    try {
      await this.#admission.take(lane, this.#cancellation);
    } catch {
      this.state = 'gave-up';
      return;
    }
    this.state = 'holds-place';
    try {
      await this.#admission.addBytes(bytes, this.#cancellation);
      this.state = 'holds-bytes';
    } catch {
      this.state = 'gave-up';
      this.#admission.release(0);
    }
  }

  grow(): void {
    this.#age += 1;
    if (this.#age === this.#message.patience) this.#controller.abort();
  }

  finish(): void {
    this.state = 'done';
    this.#admission.release(this.#message.bytes);
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('the bounds of the queue', () => {
  it('are never passed, and nobody is forgotten', async () => {
    const arrivals = fc.array(fc.array(message, { maxLength: 4 }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(arrivals, async (waves) => {
        const admission = new Admission(
          queueBounds({
            maxMessages: MAX_MESSAGES,
            maxBytes: MAX_BYTES,
            whenFull: 'wait',
          }),
        );
        const all: Traveller[] = [];
        const check = (): void => {
          const holders = all.filter((one) => one.holds);
          const loaded = holders.filter((one) => one.bytes > 0);
          const most = loaded.length > 1 ? MAX_BYTES : Infinity;
          const bytes = holders.reduce((sum, one) => sum + one.bytes, 0);

          expect(admission.messages).toBe(holders.length);
          expect(admission.bytes).toBe(bytes);
          expect(holders.length).toBeLessThanOrEqual(MAX_MESSAGES);
          // One that is alone may be larger than the bound.
          expect(bytes).toBeLessThanOrEqual(most);
        };
        const step = async (): Promise<void> => {
          await turn();
          check();
          for (const one of all) one.grow();
          await turn();
          check();
          all.find((one) => one.state === 'holds-bytes')?.finish();
        };
        for (const wave of waves) {
          for (const given of wave) {
            const one = new Traveller(given, admission);
            all.push(one);
            void one.travel();
          }
          await step();
        }
        for (let i = 0; i <= all.length; i += 1) await step();

        for (const { state } of all) expect(state).toMatch(/done|gave-up/);
        expect(admission).toMatchObject({ messages: 0, bytes: 0 });
      }),
      { numRuns: 200 },
    );
  });
});
