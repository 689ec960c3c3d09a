// What CI runs once everything is installed, see .ci/run.
import { add, NONE, report, run } from './counts.mjs';

const STEPS = [
  // `npm test` among them, with coverage.
  ['npm', 'run', 'test:all'],
  ['npm', 'run', 'check'],
  ['node', 'scripts/smoke-sample.mjs'],
];

let total = NONE;
for (const [command, ...args] of STEPS) {
  const name = [command, ...args].join(' ');
  console.log(`\n> ${name}`);
  const began = Date.now();
  const counts = await run(command, args);
  const seconds = Math.round((Date.now() - began) / 1000);
  const verdict = counts.failed > 0 ? 'FAILED' : 'ok';
  console.log(`\n< ${name}: ${verdict}, ${seconds} s`);
  total = add(total, counts);
}

console.log(`\n${report(total)}`);
if (total.failed > 0) process.exitCode = 1;
