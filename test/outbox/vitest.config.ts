import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BY_NAME, DECORATORS } from '../support/sources.js';

const here = (path: string): string =>
  fileURLToPath(new URL(path, import.meta.url));

/** What needs a real Redis and a real PostgreSQL. */
export default defineConfig({
  oxc: DECORATORS,
  resolve: { alias: BY_NAME },
  test: {
    root: here('../..'),
    include: ['test/outbox/**/*.spec.ts'],
    globalSetup: [
      here('support/install-stores.ts'),
      here('../support/docs-blocks.ts'),
    ],
    env: { SENDGRID_API_KEY: `SG.${'a'.repeat(22)}.${'b'.repeat(43)}` },
    setupFiles: ['reflect-metadata', here('../support/forget-hosts.ts')],
    restoreMocks: true,
    // Each file has servers and processes of its own.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', here('../support/reporter.ts')],
  },
});
