import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string =>
  fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    root: here('../..'),
    include: ['test/interop/**/*.spec.ts'],
    // Each mode starts knowing nothing of what the one before it has learned.
    setupFiles: ['reflect-metadata', here('../support/forget-hosts.ts')],
    testTimeout: 120_000,
    // The first run downloads the servers.
    hookTimeout: 300_000,
    reporters: ['default', here('../support/reporter.ts')],
  },
});
