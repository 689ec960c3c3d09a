import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { LearnedCap } from '../../../lib/pool/learned-cap.js';
import { telling } from '../../support/telling.js';
import { seededRandom } from '../../support/seeded-random.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

interface Relay {
  /** How likely a message ends its connection. */
  readonly drops: number;
  readonly cap: number;
}

interface Connection {
  messages: number;
  createdAt: number;
}

/** A pool under load, and a relay that ends its connections. */
class Model {
  readonly learned = new LearnedCap();
  readonly #telling = telling();
  readonly #relay: Relay;
  readonly #random: () => number;
  readonly #open: Connection[];
  /** How often the relay ended a connection at its cap. */
  met = 0;

  constructor(relay: Relay, width: number, random: () => number) {
    this.#relay = relay;
    this.#random = random;
    this.#open = Array.from({ length: width }, () => fresh());
  }

  /** Sends one message on any connection. */
  step(): void {
    vi.advanceTimersByTime(1);
    const { learned } = this;
    const index = Math.floor(this.#random() * this.#open.length);
    const connection = this.#open[index] ?? fresh();
    const { messages, createdAt } = connection;
    const capped = messages >= this.#relay.cap;
    if (capped || this.#random() < this.#relay.drops) {
      if (capped) this.met += 1;
      learned.ended(messages, createdAt, this.#telling);
    } else {
      connection.messages += 1;
      const now = connection.messages;
      if (now > learned.doubtedAbove) learned.survived(now);
      if (now < Math.min(5000, learned.value)) return;
    }
    learned.carried(connection.messages);
    this.#open[index] = fresh();
  }
}

function fresh(): Connection {
  return { messages: 0, createdAt: performance.now() };
}

const given = process.env['SEED'];
const seeds = given
  ? [Number(given)]
  : Array.from({ length: 5 }, (_, n) => (Date.now() % 1_000_000) + n);

describe.each(seeds)('seed %i (set SEED to repeat)', (seed) => {
  it.each([0.0005, 0.002, 0.02, 0.06])(
    'connections lost at random, %f of the messages, teach nothing',
    (drops) => {
      for (const width of [1, 8]) {
        const relay = { drops, cap: Infinity };
        const model = new Model(relay, width, seededRandom(seed));
        for (let sent = 0; sent < 100_000; sent += 1) {
          model.step();
          if (model.learned.value !== Infinity) break;
        }

        expect(model.learned.value).toBe(Infinity);
      }
    },
  );

  it.each([1, 2, 10])(
    'a cap of 350 is met at most three times by each of %i connections',
    (width) => {
      const relay = { drops: 0, cap: 350 };
      const model = new Model(relay, width, seededRandom(seed));
      for (let sent = 0; sent < 5 * 350 * width; sent += 1) model.step();

      expect(model.learned.value).toBe(350);
      expect(model.met).toBeLessThanOrEqual(3 * width);
    },
  );

  it('a cap is learned, although some connections are lost before it', () => {
    const relay = { drops: 0.001, cap: 350 };
    const model = new Model(relay, 4, seededRandom(seed));
    for (let sent = 0; sent < 50_000; sent += 1) model.step();

    expect(model.learned.value).toBe(350);
  });
});
