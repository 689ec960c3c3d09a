import type { ReplyPhase } from '../../lib/delivery/reply-phase.js';
import type { ReplyRule } from '../../lib/delivery/reply-rule.js';

const PHASES: Record<ReplyPhase, string> = {
  greeting: 'before AUTH',
  auth: 'AUTH',
  mail: 'MAIL',
  rcpt: 'RCPT',
  data: 'DATA',
};

type Column = readonly [title: string, cell: (rule: ReplyRule) => string];

const COLUMNS: readonly Column[] = [
  ['at', ({ phases }) => phases.map((phase) => PHASES[phase]).join(', ')],
  ['meaning', ({ meaning }) => meaning],
  ['what the library does', ({ does }) => does],
  ['what you should do', ({ advice }) => advice],
];

/** A table of what SendGrid says word for word. */
export function knownReplies(rules: readonly ReplyRule[]): string {
  return table([['reply', ({ example }) => code(example)], ...COLUMNS], rules);
}

/** A table of what other texts mean, by their codes. */
export function otherReplies(rules: readonly ReplyRule[]): string {
  const codes = (rule: ReplyRule): string =>
    rule.codes.map((one) => code(String(one))).join(', ');
  return table([['code', codes], ...COLUMNS], rules);
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(
  columns: readonly Column[],
  rules: readonly ReplyRule[],
): string {
  const rows = [
    columns.map(([title]) => title),
    columns.map(() => '---'),
    ...rules.map((rule) => columns.map(([, cell]) => escaped(cell(rule)))),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function escaped(cell: string): string {
  return cell.replaceAll('|', String.raw`\|`);
}
