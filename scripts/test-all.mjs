// Runs every test there is, one npm script after another, and ends with the
// counts of all. A kind of test that needs more than npm and Node gets a script
// of its own here; it installs what it needs or fails saying what is missing.
import { add, format, NONE, report, run } from './counts.mjs';

const SCRIPTS = [
  'test:coverage',
  'test:consumers',
  'test:scale',
  'test:interop',
  'test:mailbox',
  'test:outbox',
];

let total = NONE;
const results = [];
for (const script of SCRIPTS) {
  const counts = await run('npm', ['run', '--silent', script]);
  results.push(`${script}: ${format(counts)}`);
  total = add(total, counts);
}

console.log(`\n${results.join('\n')}\n\n${report(total)}`);
if (total.failed > 0) process.exitCode = 1;
