import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/soak/**/*.spec.ts'],
    reporters: [
      'default',
      fileURLToPath(new URL('../support/reporter.ts', import.meta.url)),
    ],
  },
});
