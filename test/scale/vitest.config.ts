import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string =>
  fileURLToPath(new URL(path, import.meta.url));

/** What one process bears: minutes of work, in processes of their own. */
export default defineConfig({
  test: {
    root: here('../..'),
    include: ['test/scale/**/*.spec.ts'],
    globalSetup: [here('support/write-page.ts')],
    // The frozen process waits beside those that work.
    maxWorkers: 2,
    // A busy machine needs several times what a quiet one does.
    testTimeout: 600_000,
    reporters: ['default', here('../support/reporter.ts')],
  },
});
