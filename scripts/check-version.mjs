// The version that the package tells nodemailer is package.json's.
// `--write` brings it there after `changeset version` has changed it.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'lib/transport/version.ts';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const source = readFileSync(FILE, 'utf8');
const wanted = source.replace(/VERSION = '.*'/, `VERSION = '${version}'`);

if (process.argv.includes('--write')) writeFileSync(FILE, wanted);
else if (source !== wanted) {
  console.error(`${FILE} must hold the version of package.json, ${version}.`);
  process.exitCode = 1;
}
