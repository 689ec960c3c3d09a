import type { Check, Report } from './report.js';

const WIDTH = 12;

/** The report as a person reads it. */
export function printed({ ok, checks }: Report): string {
  const advice = checks.flatMap(({ name, advice: text }) =>
    text === undefined ? [] : [`  - ${name}: ${text}`],
  );
  const end =
    advice.length === 0
      ? [ok ? 'Nothing to change.' : '']
      : ['What to change:', ...advice];
  return [...checks.map(line), '', ...end, ''].join('\n');
}

function line({ status, name, found }: Check): string {
  return `${status.padEnd(8)} ${name.padEnd(WIDTH)} ${found}`;
}
