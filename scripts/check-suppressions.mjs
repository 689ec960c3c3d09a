// Every suppressed check must say why: `// oxlint-disable-next-line x -- reason`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['lib', 'test', 'sample', 'bench', 'scripts'];
const SKIPPED = new Set(['node_modules', 'dist']);
const SUPPRESSION = new RegExp(
  [
    '(ox|es)lint-disable',
    '@ts-(ignore|expect-error|nocheck)',
    'prettier-ignore',
    '(v8|c8|istanbul) ignore',
  ].join('|'),
);
const REASON = /-- \S/;

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* sources(path);
    if (entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name)) yield path;
  }
}

const files = FOLDERS.filter((folder) => existsSync(folder))
  .flatMap((folder) => Array.from(sources(folder)))
  // This file names what it looks for.
  .filter((file) => !file.endsWith('check-suppressions.mjs'));
const problems = [];
for (const file of files) {
  for (const [index, line] of readFileSync(file, 'utf8')
    .split('\n')
    .entries()) {
    if (!SUPPRESSION.test(line) || REASON.test(line)) continue;
    problems.push(
      `${file}:${index + 1}: say why with " -- reason": ${line.trim()}`,
    );
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
