import { openContestant } from '../contestants/registry.js';
import type { Cost, CostJob } from './job.js';
import { PeakMemory } from './peak-memory.js';

/** Runs a {@link CostJob} in this process. */
export async function measureCost(job: CostJob): Promise<Cost> {
  const contestant = await openContestant(job.name, job);
  await contestant.run(job.warmUp);

  const memory = new PeakMemory();
  const cpu = process.cpuUsage();
  const began = performance.now();
  await contestant.run(job.messages);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const peakRss = memory.stop();

  await contestant.close();
  return {
    cpuUs: (user + system) / job.messages,
    perSecond: job.messages / seconds,
    peakRss,
  };
}
