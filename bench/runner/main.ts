// One measurement, alone in its process: a job comes in, its result goes out.
import { once } from 'node:events';
import { trusted } from '../trusted.js';
import { measureCost } from './cost.js';
import type { Job, Jobs } from './job.js';
import { measurePace } from './pace.js';
import { measureQueue } from './queue.js';

async function perform(job: Job): Promise<Jobs[keyof Jobs]['result']> {
  switch (job.kind) {
    case 'cost':
      return measureCost(job);
    case 'pace':
      return measurePace(job);
    case 'queue':
      return measureQueue(job);
    case 'webhook':
      // Loaded for those who need it: an HTTP platform takes memory.
      return (await import('./webhook.js')).measureWebhook(job);
  }
}

const [message] = await once(process, 'message');
const result = await perform(trusted<Job>(message));
process.send?.(result);
process.disconnect();
