// Runs commands and adds up the `N passed, N failed` lines that they end with.
import { spawn } from 'node:child_process';

/** The counts of nothing. */
export const NONE = Object.freeze({
  passed: 0,
  failed: 0,
  skipped: 0,
  failures: Object.freeze([]),
});

// What test/support/reporter.ts writes of each failure.
const FAILURE = /^FAILED .+$/gm;

const COUNTS = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm;

/** Runs a command, shows its output, and resolves with its counts. */
export function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text);
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const name = [command, ...args].join(' ');
      resolve(countsOf(name, output, code));
    });
  });
}

/** The last counts in `output`; a command that failed without saying so counts as one. */
function countsOf(name, output, code) {
  const [, passed = 0, failed = 0, skipped = 0] =
    [...output.matchAll(COUNTS)].at(-1) ?? [];
  const broken = code !== 0 && Number(failed) === 0 ? 1 : 0;
  const named = new Set(output.match(FAILURE));
  if (broken > 0) named.add(`FAILED ${name}: exit code ${code}`);
  return {
    passed: Number(passed),
    failed: Number(failed) + broken,
    skipped: Number(skipped),
    failures: [...named],
  };
}

export function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
  };
}

export function format({ passed, failed, skipped }) {
  const tail = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${passed} passed, ${failed} failed${tail}`;
}

/** The failures by name, and the counts as the last line. */
export function report(counts) {
  return [...counts.failures, format(counts)].join('\n');
}
