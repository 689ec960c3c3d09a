import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BY_NAME, DECORATORS } from '../support/sources.js';

const here = (path: string): string =>
  fileURLToPath(new URL(path, import.meta.url));

/** What needs a browser. */
export default defineConfig({
  oxc: DECORATORS,
  resolve: { alias: BY_NAME },
  test: {
    root: here('../..'),
    include: ['test/mailbox/**/*.spec.ts'],
    globalSetup: [here('support/install-chromium.ts')],
    setupFiles: ['reflect-metadata', here('../support/forget-hosts.ts')],
    restoreMocks: true,
    // Each file has a browser of its own.
    maxWorkers: 2,
    testTimeout: 60_000,
    // The first run installs the browser.
    hookTimeout: 300_000,
    reporters: ['default', here('../support/reporter.ts')],
  },
});
