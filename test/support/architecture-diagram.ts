import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';

/** One room importing another, and the files that it imports. */
interface Import {
  readonly from: string;
  readonly to: string;
  readonly files: ReadonlySet<string>;
}

/** The rooms of `lib`: its folders, and `face` for what lies beside them. */
export function roomsOf(lib: string): string[] {
  const folders = readdirSync(lib, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  return [...folders, 'face'].toSorted();
}

/**
 * The imports in `lib` between rooms as a flow chart. Rooms import those after
 * them in `order`: a solid arrow. What points to an earlier one is dotted, and
 * named by the files it is for.
 */
export function diagramOf(lib: string, order: readonly string[]): string {
  const imports = importsIn(lib);
  const isDown = ({ from, to }: Import): boolean =>
    order.indexOf(from) < order.indexOf(to);
  const down = imports.filter(isDown);
  const solid = down
    .filter((one) => !isImplied(one, down))
    .map(({ from, to }) => `  ${from} --> ${to}`);
  const dotted = imports
    .filter((one) => !isDown(one))
    .map(({ from, to, files }) => {
      const names = [...files].toSorted().join('<br>');
      return `  ${from} -. ${names} .-> ${to}`;
    });
  return ['flowchart TD', ...solid, ...dotted].join('\n');
}

function importsIn(lib: string): Import[] {
  const found = new Map<string, Import & { readonly files: Set<string> }>();
  for (const file of readdirSync(lib, { encoding: 'utf8', recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const path = join(lib, file);
    const { importedFiles } = ts.preProcessFile(readFileSync(path, 'utf8'));
    for (const { fileName } of importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const from = roomOf(file);
      const to = roomOf(relative(lib, join(dirname(path), fileName)));
      if (from === to) continue;
      const key = `${from} ${to}`;
      const one = found.get(key) ?? { from, to, files: new Set() };
      one.files.add(basename(fileName, '.js'));
      found.set(key, one);
    }
  }
  return [...found.values()].toSorted((a, b) =>
    `${a.from} ${a.to}`.localeCompare(`${b.from} ${b.to}`),
  );
}

function roomOf(file: string): string {
  const [first = '', ...rest] = file.split(sep);
  return rest.length === 0 ? 'face' : first;
}

/** Whether a way of several arrows leads there too. */
function isImplied({ from, to }: Import, all: readonly Import[]): boolean {
  const next = (room: string): string[] =>
    all.filter((one) => one.from === room).map((one) => one.to);
  const leadsTo = (room: string): boolean =>
    room === to || next(room).some(leadsTo);
  return next(from).some((room) => room !== to && leadsTo(room));
}
