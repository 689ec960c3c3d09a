// The package is `type: module`; this marks the second build as CommonJS.
import { writeFileSync } from 'node:fs';

writeFileSync(
  'dist/cjs/package.json',
  `${JSON.stringify({ type: 'commonjs', sideEffects: false }, null, 2)}\n`,
);
