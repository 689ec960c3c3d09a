import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BY_NAME, DECORATORS } from './test/support/sources.js';

const here = (path: string): string =>
  fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  oxc: DECORATORS,
  resolve: { alias: BY_NAME },
  test: {
    setupFiles: ['reflect-metadata', here('test/support/forget-hosts.ts')],
    restoreMocks: true,
    // Real sockets and random back-off on busy machines; a hang still fails.
    testTimeout: 20_000,
    reporters: ['default', here('test/support/reporter.ts')],
    coverage: {
      include: ['lib/**/*.ts'],
      // What talks to a store needs one: `npm run test:outbox` tests it.
      exclude: ['lib/outbox/store/**', 'lib/outbox/worker/outbox-worker.ts'],
      reporter: ['text', 'html'],
      reportOnFailure: true,
      thresholds: { lines: 95, branches: 90, functions: 95, statements: 95 },
    },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.spec.ts'] },
      },
      {
        extends: true,
        test: { name: 'wire', include: ['test/wire/**/*.spec.ts'] },
      },
      {
        extends: true,
        test: { name: 'nest-12', include: ['test/integration/**/*.spec.ts'] },
      },
      {
        extends: true,
        // The same tests on the oldest supported Nest, installed in test/nest-11.
        resolve: {
          alias: [
            {
              find: /^(@nestjs\/.+)$/,
              replacement: here('test/nest-11/node_modules/$1'),
            },
          ],
        },
        test: { name: 'nest-11', include: ['test/integration/**/*.spec.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'docs',
          include: ['test/docs/**/*.spec.ts'],
          globalSetup: [here('test/support/docs-blocks.ts')],
          unstubEnvs: true,
          unstubGlobals: true,
          // As the applications that the pages show have it.
          env: {
            SENDGRID_API_KEY: `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`,
            SHOP_KEY: `SG.${'c'.repeat(22)}.${'d'.repeat(43)}`,
            NEWSLETTER_KEY: `SG.${'e'.repeat(22)}.${'f'.repeat(43)}`,
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['test/types/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
            // `npm run typecheck` reports these, once and for every file.
            ignoreSourceErrors: true,
          },
        },
      },
    ],
  },
});
