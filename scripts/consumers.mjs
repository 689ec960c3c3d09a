// Proves that the packed package works for those who install it: copies each
// project of test/consumers to a folder of its own, installs the tarball there,
// and runs the project's script `proof`. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PROJECTS = resolve('test/consumers');
const TARBALL = 'nestjs-sendgrid-smtp.tgz';
const PNPM = resolve('node_modules/pnpm/bin/pnpm.cjs');

const npm = (...args) => ['npm', args];
const pnpm = (...args) => [process.execPath, [PNPM, ...args]];

function run(cwd, [command, args]) {
  const { status } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed`);
}

function pack(scratch) {
  run(process.cwd(), npm('pack', '--silent', '--pack-destination', scratch));
  const packed = readdirSync(scratch).find((name) => name.endsWith('.tgz'));
  return join(scratch, packed);
}

function prove(project, tarball, scratch) {
  const folder = join(scratch, project);
  cpSync(join(PROJECTS, project), folder, { recursive: true });
  cpSync(tarball, join(folder, TARBALL));
  const manager = project === 'pnpm' ? pnpm : npm;
  const quiet =
    project === 'pnpm' ? ['--no-frozen-lockfile'] : ['--no-audit', '--no-fund'];
  run(folder, manager('install', ...quiet));
  run(folder, manager('run', 'proof'));
}

const chosen = process.argv.slice(2);
const projects = chosen.length > 0 ? chosen : readdirSync(PROJECTS);
const scratch = mkdtempSync(join(tmpdir(), 'consumers-'));
const failed = [];
try {
  const tarball = pack(scratch);
  for (const project of projects) {
    console.log(`\n> consumer ${project}`);
    try {
      prove(project, tarball, scratch);
      console.log(`< consumer ${project}: passed`);
    } catch (error) {
      failed.push(project);
      console.error(`< consumer ${project}: FAILED, ${error.message}`);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

console.log(
  `\n${projects.length - failed.length} passed, ${failed.length} failed`,
);
if (failed.length > 0) process.exitCode = 1;
