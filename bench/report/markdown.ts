import { shown, shownSpread } from '../figures.js';
import { holds, type Section, type Verdict } from './section.js';

/** The bars as one table. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  return table(
    ['', 'measured', 'bar', 'aim', ''],
    verdicts.map((verdict) => [
      verdict.what,
      `${shownSpread(verdict.measured)} ${verdict.unit}`,
      `${verdict.want} ${verdict.bar}`,
      aim(verdict),
      holds(verdict) ? 'holds' : '**missed**',
    ]),
  );
}

/** One section with its table. */
export function sectionText({ title, text, header, rows }: Section): string {
  return [`## ${title}`, text, table(header, rows)].join('\n\n');
}

/** A Markdown table. */
function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map(tableLine).join('\n');
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function aim({ reach }: Verdict): string {
  return reach === undefined ? '' : shown(reach);
}
