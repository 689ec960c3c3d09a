import { inspect } from 'node:util';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Ends a test run with the line `N passed, N failed`, and `, N skipped` when
 * there were any, below a line `FAILED ...` for each failure. A file or group
 * that could not run, a test that never ended and an error outside of the
 * tests count as one failure each.
 */
export default class CountsReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly unknown[],
  ): void {
    const tests = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const failures = errors.map(
      (error) => `outside of tests: ${messageOf(error)}`,
    );
    for (const module of modules) {
      failures.push(...brokenParts(module));
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        tests[state] += 1;
        if (state === 'failed' || state === 'pending') {
          failures.push(failureOf(test));
        }
      }
    }
    const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : '';
    const named = failures.map((failure) => `FAILED ${oneLine(failure)}\n`);
    process.stdout.write(
      `\n${named.join('')}${tests.passed} passed, ${failures.length} failed${skipped}\n`,
    );
  }
}

/** The errors of a file and its groups themselves. */
function brokenParts(module: TestModule): string[] {
  const suites = [...module.children.allSuites()];
  return [module, ...suites].flatMap((part) =>
    part
      .errors()
      .map(({ message }) => `${module.relativeModuleId}: ${message}`),
  );
}

function failureOf(test: TestCase): string {
  const { state, errors = [] } = test.result();
  const said = errors[0]?.message ?? state;
  const { project, module, fullName } = test;
  return `${project.name} ${module.relativeModuleId} > ${fullName}: ${said}`;
}

/** What was thrown has crossed processes, and may be anything. */
function messageOf(error: unknown): string {
  const isObject = typeof error === 'object' && error !== null;
  if (isObject && 'message' in error) return String(error.message);
  return inspect(error, { depth: 1 });
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 400);
}
