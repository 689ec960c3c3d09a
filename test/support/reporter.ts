import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends a test run with the line `N passed, N failed`, and `, N skipped` when
 * there were any. A file or group that could not run, a test that never ended
 * and an error outside of the tests count as one failure each.
 */
export default class CountsReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly unknown[],
  ): void {
    const tests = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    let broken = errors.length;
    for (const module of modules) {
      broken += module.errors().length;
      for (const suite of module.children.allSuites()) {
        broken += suite.errors().length;
      }
      for (const test of module.children.allTests()) {
        tests[test.result().state] += 1;
      }
    }
    const failed = tests.failed + tests.pending + broken;
    const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : '';
    process.stdout.write(
      `\n${tests.passed} passed, ${failed} failed${skipped}\n`,
    );
  }
}
