import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { blocksOf, PAGES } from '../../support/docs-blocks.js';

const ROOT = join(import.meta.dirname, '../../..');

interface Manifest {
  readonly name: string;
  readonly scripts: Record<string, string>;
  readonly bin: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly dependencies: Record<string, string>;
}

const { name, scripts, bin, peerDependencies, dependencies } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
) as Manifest;

/** What a user may be told to install: no more than the package may need. */
const INSTALLED = new Set([
  name,
  // The quick start's, for the key.
  '@nestjs/config',
  ...Object.keys({ ...dependencies, ...peerDependencies }),
]);

/** What every system has. */
const ORDINARY = /^(?:curl|grep|sed|xargs|printf|sha256sum|-d|\|)/;

/** Why a command is none, if so. */
function problemOf(command: string): string | undefined {
  const [program = '', first = '', ...rest] = command
    .replace(/^(?:[A-Z_]+=\S+ )+/, '')
    .replace(/ #.*$/, '')
    .split(/\s+/);
  const script = first === 'run' ? rest[0] : first;
  if (program === 'npx') return runs(first) ? undefined : command;
  if (program !== 'npm') return ORDINARY.test(command) ? undefined : command;
  if (script === 'install') {
    const unknown = rest.filter(
      (word) => !word.startsWith('-') && !INSTALLED.has(word),
    );
    return unknown.length > 0 ? command : undefined;
  }
  return script !== undefined && script in scripts ? undefined : command;
}

function runs(program: string): boolean {
  return program in bin || existsSync(join(ROOT, 'node_modules/.bin', program));
}

/** The commands of a page: in its blocks for a shell, and in its text. */
function commandsOf(page: string): string[] {
  const blocks = blocksOf(page).filter(({ language }) => language === 'sh');
  const lines = blocks.flatMap(({ code }) =>
    code
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.replace(/^\w+=\$\((.*)\)$/, '$1')),
  );
  const text = readFileSync(join(ROOT, page), 'utf8');
  const inline = Array.from(
    text.matchAll(/`((?:npm|npx) [^`]+)`/g),
    ([, command = '']) => command,
  );
  return [...lines, ...inline]
    .flatMap((line) => line.split(' && '))
    .map((line) => line.trim())
    .filter(Boolean);
}

describe('The commands', () => {
  it.each(PAGES)('of %s are there', (page) => {
    const problems = commandsOf(page).map(problemOf);

    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it('are judged', () => {
    expect(problemOf('npm run nothing')).toBe('npm run nothing');
    expect(problemOf('npm install left-pad')).toBe('npm install left-pad');
    expect(problemOf('npx nobody')).toBe('npx nobody');
    expect(problemOf('rm -rf .')).toBe('rm -rf .');
    expect(problemOf('A=b npm start')).toBeUndefined();
  });
});
