// Follows every import of the built entry points, in the code and in the type
// declarations of both builds: no entry point may reach an optional peer that is
// not its own, and nothing may be imported that package.json does not declare.
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** Each entry point with the optional peers that it may reach. */
const ENTRIES = new Map([
  ['index', []],
  ['compat/index', []],
  ['doctor/main', []],
  ['health/index', ['@nestjs/terminus']],
  ['mailbox/index', ['postal-mime']],
  ['outbox/index', ['bullmq']],
  ['telemetry/index', ['@opentelemetry/api']],
  [
    'templates/index',
    [
      '@css-inline/css-inline',
      '@react-email/render',
      'ejs',
      'handlebars',
      'html-to-text',
      'mjml',
      'react',
    ],
  ],
  ['testing/index', ['postal-mime', 'selfsigned', 'smtp-server']],
  ['webhook/index', []],
]);
const BUILDS = ['dist', 'dist/cjs'];
const KINDS = ['.js', '.d.ts'];

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const optional = new Set(Object.keys(manifest.peerDependenciesMeta));
const declared = new Set([
  ...Object.keys(manifest.dependencies),
  ...Object.keys(manifest.peerDependencies),
]);

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

function importsOf(file) {
  const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(
    readFileSync(file, 'utf8'),
    true,
    true,
  );
  // Type references such as `node` come with the reader's own @types.
  return [...importedFiles, ...typeReferenceDirectives]
    .map(({ fileName }) => fileName)
    .filter((specifier) => specifier !== 'node' && !isBuiltin(specifier));
}

/** Yields every package that `file` and what it imports ask for. */
function* packagesOf(file, kind, seen = new Set()) {
  if (seen.has(file)) return;
  seen.add(file);
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  for (const specifier of importsOf(file)) {
    if (specifier.startsWith('.')) {
      const target = normalize(join(dirname(file), specifier));
      yield* packagesOf(target.replace(/\.js$/, kind), kind, seen);
    } else {
      yield { file, name: packageOf(specifier) };
    }
  }
}

const problems = new Set();
let followed = 0;
for (const build of BUILDS) {
  for (const kind of KINDS) {
    for (const [entry, own] of ENTRIES) {
      const root = join(build, `${entry}${kind}`);
      for (const { file, name } of packagesOf(root, kind)) {
        followed += 1;
        if (!declared.has(name)) {
          problems.add(`${file} imports ${name}, which is not declared`);
        }
        if (optional.has(name) && !own.includes(name)) {
          problems.add(`${root} reaches the optional peer ${name} in ${file}`);
        }
      }
    }
  }
}

for (const problem of problems) console.error(problem);
if (problems.size > 0) process.exitCode = 1;
else console.log(`${followed} imports of packages, each declared where used.`);
