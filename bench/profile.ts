import { mkdirSync } from 'node:fs';
import type { ContestantName } from './contestants/registry.js';
import { shown } from './figures.js';
import { inRepository } from './peers.js';
import { run } from './runner/run.js';
import type { Sink } from './sink/sink.js';
import { CONNECTIONS, IN_FLIGHT } from './suites/compare-costs.js';

const MESSAGES = 20_000;

/** Runs one contestant alone and leaves a CPU profile of its process. */
export async function profile(sink: Sink, name: ContestantName): Promise<void> {
  const folder = inRepository('build/profiles');
  mkdirSync(folder, { recursive: true });
  const { cpuUs, perSecond } = await run<'cost'>(
    {
      kind: 'cost',
      name,
      target: {
        host: '127.0.0.1',
        port: sink.ports.plain,
        security: 'none',
        connections: CONNECTIONS,
      },
      load: { size: 2048, recipients: 1 },
      inFlight: IN_FLIGHT,
      warmUp: 3000,
      messages: MESSAGES,
    },
    ['--cpu-prof', `--cpu-prof-dir=${folder}`],
  );
  console.info(
    `${name}: ${shown(cpuUs)} us of CPU per message, ${shown(perSecond)} messages per second; profile in build/profiles`,
  );
}
