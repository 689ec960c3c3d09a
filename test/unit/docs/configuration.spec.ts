import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { OptionGroup } from '../../../lib/options/option-group.js';
import { RootOptions } from '../../../lib/options/root.options.js';

const page = readFileSync(
  join(import.meta.dirname, '../../../docs/configuration.md'),
  'utf8',
);
const part = page.split(/^## /m).find((text) => text.startsWith('Options\n'));

/** The defaults that the table shows, by the option's name. */
const rows = new Map(
  Array.from(
    part?.matchAll(/^\| `([\w.]+)` +\| ([^|]*) \|/gm) ?? [],
    ([, name = '', shown = '']) => [name, shown.trim()],
  ),
);

/** Every option and group of options by its path, with its default. */
function optionsIn(group: OptionGroup, path = ''): [string, unknown][] {
  return OptionGroup.namesOf(group).flatMap((name): [string, unknown][] => {
    const value: unknown = Reflect.get(group, name);
    const inner = value instanceof OptionGroup;
    return [
      [path + name, inner ? undefined : value],
      ...(inner ? optionsIn(value, `${path}${name}.`) : []),
    ];
  });
}

const options = optionsIn(new RootOptions());

/** The option's own row, or that of the group it is in. */
function isShown(path: string): boolean {
  const parts = path.split('.');
  return parts.some((_, at) => rows.has(parts.slice(0, at + 1).join('.')));
}

describe('docs/configuration.md', () => {
  it('shows every option', () => {
    const groups = new Set([...rows.keys()].map((name) => name.split('.')[0]));
    const missing = options
      .map(([path]) => path)
      .filter((path) => !isShown(path) && !groups.has(path));

    expect(options.length).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });

  it('shows no option that there is not', () => {
    const known = new Set(options.map(([path]) => path));

    expect([...rows.keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(
    options.filter(
      ([path, value]) => typeof value === 'number' && rows.has(path),
    ),
  )('shows the default of %s', (path, value) => {
    expect(rows.get(path)).toMatch(new RegExp(`^${String(value)}\\b`));
  });
});
