// The version that nodemailer shows must be the one that is published.
import { readFileSync } from 'node:fs';
import { VERSION } from '../dist/transport/version.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
if (VERSION !== version) {
  console.error(
    `lib/transport/version.ts says ${VERSION}, package.json ${version}: make them equal.`,
  );
  process.exitCode = 1;
}
