import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { codeBlocks } from '../../support/docs-blocks.js';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = join(ROOT, 'test/unit/docs');

/** The TypeScript blocks of the pages, each a module beside the others. */
function snippets(): Map<string, string> {
  return new Map(
    codeBlocks().map(({ file, code }) => [join(FOLDER, file), code]),
  );
}

function problems(files: Map<string, string>): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(ROOT, 'tsconfig.json'),
    { noEmit: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const options = config?.options ?? {};
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const code = files.get(name);
    return code === undefined
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, code, ts.ScriptTarget.ES2023);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    return ts
      .getPreEmitDiagnostics(program, source)
      .map(({ messageText }) =>
        ts.flattenDiagnosticMessageText(messageText, '\n'),
      );
  });
}

describe('README', () => {
  it('names every block of code, and those of docs/ too, once', () => {
    const blocks = codeBlocks();
    const files = blocks.map(({ file }) => file);
    const nameless = blocks.filter(({ name }) => name === '');

    expect(nameless.map(({ page, code }) => [page, code])).toEqual([]);
    expect(files.filter((file, at) => files.indexOf(file) !== at)).toEqual([]);
  });

  it(
    'shows code that compiles, and so do the pages of docs/',
    { timeout: 60_000 },
    () => {
      const files = snippets();

      expect(files.size).toBeGreaterThanOrEqual(60);
      expect(problems(files)).toEqual([]);
    },
  );

  it('starts with the two lines that install, run and test', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [first, second] =
      /```sh\n(.*)\n(.*)\n```/.exec(readme)?.slice(1) ?? [];

    expect(first).toBe('npm install && npm start');
    expect(second).toBe('npm install && npm test');
  });
});
