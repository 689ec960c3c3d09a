import { setTimeout as delay } from 'node:timers/promises';
import { SENDERS } from '../contestants/registry.js';
import type { Sender } from '../contestants/contestant.js';
import type { Pace, PaceJob } from './job.js';

/** Runs a {@link PaceJob} in this process. */
export async function measurePace(job: PaceJob): Promise<Pace> {
  const sender = await SENDERS[job.name](job.target, job.load);
  await sendAll(sender, job, job.warmUp);
  const sendMs = await sendAll(sender, job, job.messages);
  await sender.close();
  return { sendMs };
}

async function sendAll(
  sender: Sender,
  { everyMs, restMs }: PaceJob,
  count: number,
): Promise<number[]> {
  const sends: Promise<number>[] = [];
  const began = performance.now();
  for (let n = 0; n < count; n += 1) {
    const sent = timed(sender, n);
    sends.push(sent);
    if (everyMs === 0) await sent;
    if (restMs > 0) await delay(restMs);
    // Against the start, so that late timers do not add up.
    const dueMs = began + (n + 1) * everyMs - performance.now();
    if (everyMs > 0 && dueMs > 0) await delay(dueMs);
  }
  return Promise.all(sends);
}

async function timed(sender: Sender, n: number): Promise<number> {
  const began = performance.now();
  await sender.send(n);
  return performance.now() - began;
}
