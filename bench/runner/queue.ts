import type { Job } from '../../lib/pool/job.js';
import { DispatchQueue } from '../../lib/pool/dispatch-queue.js';
import { Parcel } from '../../lib/pool/parcel.js';
import type { QueueJob, QueueTimes } from './job.js';

const WARM_UP = 200_000;

const JOB: Job = {
  lane: 'normal',
  envelope: { from: '', to: [] },
  body: { kind: 'bytes', wire: Buffer.alloc(0), size: 0, eightBit: false },
  started: () => undefined,
  ended: () => undefined,
};

/** Runs a {@link QueueJob} in this process. */
export function measureQueue({ lengths, pairs }: QueueJob): QueueTimes {
  turnOver(queueOf(10), WARM_UP);
  return {
    pairUs: lengths.map((length) => {
      const queue = queueOf(length);
      const began = performance.now();
      turnOver(queue, pairs);
      return ((performance.now() - began) * 1000) / pairs;
    }),
  };
}

function queueOf(length: number): DispatchQueue<Parcel> {
  const queue = new DispatchQueue<Parcel>();
  for (let n = 0; n < length; n += 1) queue.push(parcel());
  return queue;
}

/** Puts one in and takes one out, over and over. */
function turnOver(queue: DispatchQueue<Parcel>, pairs: number): void {
  for (let n = 0; n < pairs; n += 1) {
    queue.push(parcel());
    queue.take();
  }
}

function parcel(): Parcel {
  return new Parcel(JOB, () => undefined);
}
