import { mkdirSync } from 'node:fs';
import type { ContestantName } from './contestants/registry.js';
import { shown } from './figures.js';
import { inRepository } from './peers.js';
import { run } from './runner/run.js';
import type { Sink } from './sink/sink.js';
import { costJob } from './suites/compare-costs.js';

const MESSAGES = 20_000;

/** Runs one contestant alone and leaves a CPU profile of its process. */
export async function profile(sink: Sink, name: ContestantName): Promise<void> {
  const folder = inRepository('build/profiles');
  mkdirSync(folder, { recursive: true });
  const { cpuUs, perSecond } = await run<'cost'>(
    costJob(sink, name, { warmUp: 3000, messages: MESSAGES }),
    ['--cpu-prof', `--cpu-prof-dir=${folder}`],
  );
  console.info(
    `${name}: ${shown(cpuUs)} us of CPU per message, ${shown(perSecond)} messages per second; profile in build/profiles`,
  );
}
