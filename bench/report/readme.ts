const BEGIN = '<!-- measured: written by npm run bench -->';
const END = '<!-- end of measured -->';

/**
 * README.md with the promises of docs/benchmarks.md between its marks: what was
 * measured of each, and whether it holds.
 *
 * @throws Error when the marks are not there once, or the page has no table
 */
export function withMeasured(readme: string, page: string): string {
  const [before, rest, ...more] = readme.split(BEGIN);
  const [, after, ...others] = rest?.split(END) ?? [];
  if (after === undefined || more.length + others.length > 0) {
    throw new Error(`README.md must hold once: ${BEGIN} and ${END}`);
  }
  return `${before}${BEGIN}\n\n${promises(page)}\n\n${END}${after}`;
}

/** The first table of the page, without the aims. */
function promises(page: string): string {
  const [table] = /^\|.*\|\n(?:\|.*\|\n)+/m.exec(page) ?? [];
  if (table === undefined) throw new Error('docs/benchmarks.md has no table');
  return table.trim().split('\n').map(shortened).join('\n');
}

function shortened(line: string): string {
  const [what = '', measured = '', bar = '', , verdict = ''] = line
    .split('|')
    .slice(1)
    .map((cell) => cell.trim());
  return `| ${[what, measured, bar, verdict].join(' | ')} |`;
}
