import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it, onTestFinished } from 'vitest';

import { diagramOf, roomsOf } from '../../support/architecture-diagram.js';

const ROOT = join(import.meta.dirname, '../../..');
const LIB = join(ROOT, 'lib');
const FILE = join(ROOT, 'docs/architecture.md');
const BEGIN = '<!-- diagram: written by npm run docs:architecture -->';
const END = '<!-- end of diagram -->';

const page = readFileSync(FILE, 'utf8');

/** The rooms in the order of the page's table. */
const order = Array.from(
  page.matchAll(/^\| `(\w+)` /gm),
  ([, room = '']) => room,
);

function withDiagram(diagram: string): string {
  const [before = '', rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  return `${before}${BEGIN}\n\n\`\`\`mermaid\n${diagram}\n\`\`\`\n\n${END}${after}`;
}

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('docs/architecture.md', () => {
  it('names every room, and no other', () => {
    expect(order.toSorted()).toEqual(roomsOf(LIB));
  });

  it('draws the imports of lib/', async () => {
    const style = await resolveConfig(FILE);
    const wanted = await format(withDiagram(diagramOf(LIB, order)), {
      ...style,
      filepath: FILE,
    });

    await expect(wanted).toMatchFileSnapshot(FILE);
  });

  it('names only files that are there', () => {
    const names = page.match(/`(?:test|scripts)\/[\w/.-]+`/g) ?? [];

    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      expect(existsSync(join(ROOT, name.replaceAll('`', '')))).toBe(true);
    }
  });
});

describe('The diagram', () => {
  it('leaves out what follows, and names what leads upward', () => {
    const lib = folderOf({
      'index.ts': `import './a/one.js'; export * from './b/two.js';`,
      'a/one.ts': `import type { Two } from '../b/two.js';`,
      'b/two.ts': `export { x } from './three.js'; import '../a/one.js';`,
      'b/three.ts': '',
    });

    expect(diagramOf(lib, ['face', 'a', 'b']).split('\n')).toEqual([
      'flowchart TD',
      '  a --> b',
      '  face --> a',
      '  b -. one .-> a',
    ]);
  });
});
