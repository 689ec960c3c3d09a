import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** A block of code on a page. */
export interface Block {
  /** The page's path in the repository. */
  readonly page: string;
  readonly language: string;

  /**
   * What it is called on its page: by its first line (`// main.ts`), else by
   * what it exports first.
   */
  readonly name: string;

  /** The file it is compiled and run as, beside those of all other pages. */
  readonly file: string;
  readonly code: string;
}

/** The pages that show code. */
export const PAGES: readonly string[] = [
  ...namesIn('.'),
  ...namesIn('docs').map((name) => `docs/${name}`),
];

/** The blocks of a page, in their order. */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return Array.from(
    text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm),
    ([, language = '', code = '']) => {
      const [, header] = /^\/\/ (\S+\.ts)\n/.exec(code) ?? [];
      const [, exported] = /^export (?:async )?(?:\w+) (\w+)/m.exec(code) ?? [];
      const name = header ?? exported ?? '';
      const file = header ?? `${basename(page, '.md')}.${name}.ts`;
      return { page, language, name, file, code };
    },
  );
}

/** The blocks of TypeScript of all pages. */
export function codeBlocks(): Block[] {
  return PAGES.flatMap((page) => blocksOf(page)).filter(
    ({ language }) => language === 'ts',
  );
}

/** Where the blocks lie as files once they are written. */
export const BLOCKS_FOLDER = join(ROOT, 'build/docs');

/** Writes each block of TypeScript as a file, for vitest to load. */
export function setup(): void {
  mkdirSync(BLOCKS_FOLDER, { recursive: true });
  for (const { file, code } of codeBlocks()) {
    writeFileSync(join(BLOCKS_FOLDER, file), code);
  }
}

function namesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md'));
}
