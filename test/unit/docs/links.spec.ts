import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

const PAGES = ['.', 'docs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

/** A page without its code, in which nothing is a link or a heading. */
function textOf(page: string): string {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '');
}

/** What a page can be linked to by: its headings, as GitHub names them. */
function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return Array.from(
    textOf(page).matchAll(/^#+ (.*)$/gm),
    ([, heading = '']) => {
      const name = heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return before === 0 ? name : `${name}-${before}`;
    },
  );
}

function isDead(page: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? page : join(dirname(page), file);
  if (!existsSync(join(ROOT, path))) return true;
  return anchor !== undefined && !anchorsOf(path).includes(anchor);
}

function deadLinks(page: string): string[] {
  const targets = Array.from(
    textOf(page).matchAll(/\]\(([^)\s]+)\)/g),
    ([, target = '']) => target,
  );
  return targets
    .filter((target) => !/^https?:/.test(target))
    .filter((target) => isDead(page, target));
}

describe('The pages', () => {
  it.each(PAGES)('%s links to what is there', (page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  it('are all listed in docs/README.md', () => {
    const index = textOf('docs/README.md');
    const missing = PAGES.filter((page) => dirname(page) === 'docs')
      .map((page) => relative('docs', page))
      .filter((name) => name !== 'README.md' && !index.includes(`](${name})`));

    expect(missing).toEqual([]);
  });
});
