import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string =>
  fileURLToPath(new URL(path, import.meta.url));

/** What needs a browser. */
export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: {
    alias: [
      {
        find: /^nestjs-sendgrid-smtp$/,
        replacement: here('../../lib/index.ts'),
      },
      {
        find: /^nestjs-sendgrid-smtp\/([a-z-]+)$/,
        replacement: here('../../lib/$1/index.ts'),
      },
    ],
  },
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
