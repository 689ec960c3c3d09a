import { encodeBody } from '../../lib/smtp/body-encoder.js';
import type { Job } from '../../lib/pool/job.js';
import { DispatchQueue } from '../../lib/pool/dispatch-queue.js';
import { Parcel } from '../../lib/pool/parcel.js';
import { RateLimiter } from '../../lib/pool/rate-limiter.js';
import type { QueueJob, QueueTimes } from './job.js';

const WARM_UP = 200_000;

const JOB: Job = {
  lane: 'normal',
  queuedAt: 0,
  envelope: { from: '', to: [] },
  body: encodeBody(Buffer.alloc(0)),
  started: () => undefined,
  ended: () => undefined,
};

/** What both kinds of queue have in common. */
interface Line {
  push(item: Parcel): unknown;
  take(): Parcel | undefined;
}

/** Runs a {@link QueueJob} in this process. */
export function measureQueue({ lengths, pairs }: QueueJob): QueueTimes {
  turnOver(filled(new DispatchQueue<Parcel>(), 10), WARM_UP);
  turnOver(filled(new ArrayLine(), 10), WARM_UP);
  // A long array takes so much longer that a few show it.
  const few = pairs / 1000;
  return {
    own: lengths.map((length) =>
      pairUs(filled(new DispatchQueue<Parcel>(), length), pairs),
    ),
    array: lengths.map((length) =>
      pairUs(filled(new ArrayLine(), length), few),
    ),
  };
}

/** What nodemailer's pool queues in. */
class ArrayLine implements Line {
  readonly #items: Parcel[] = [];

  push(item: Parcel): void {
    this.#items.push(item);
  }

  take(): Parcel | undefined {
    return this.#items.shift();
  }
}

function filled(line: Line, length: number): Line {
  for (let n = 0; n < length; n += 1) line.push(parcel());
  return line;
}

function pairUs(line: Line, pairs: number): number {
  const began = performance.now();
  turnOver(line, pairs);
  return ((performance.now() - began) * 1000) / pairs;
}

/** Puts one in and takes one out, over and over. */
function turnOver(line: Line, pairs: number): void {
  for (let n = 0; n < pairs; n += 1) {
    line.push(parcel());
    line.take();
  }
}

const HOME = { takeBack: () => undefined };
const NO_LIMIT = new RateLimiter(undefined, () => undefined);

function parcel(): Parcel {
  return new Parcel(JOB, HOME, NO_LIMIT);
}
