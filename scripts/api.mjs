// Compares the public surface of every entry point with its report in api/;
// with --local, writes the reports anew.
import { readdirSync } from 'node:fs';
import { run } from './counts.mjs';

const flags = process.argv.slice(2);
const configs = readdirSync('api').filter((name) => name.endsWith('.json'));
for (const config of configs.toSorted()) {
  const { failed } = await run('api-extractor', [
    'run',
    ...flags,
    '-c',
    `api/${config}`,
  ]);
  if (failed > 0) process.exitCode = 1;
}
