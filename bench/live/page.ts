import { format } from 'prettier';
import { machine } from '../../test/support/machine.js';
import type { LiveReport } from './measure.js';
import type { Grouping } from './questions.js';

const HEAD = `# SendGrid's relay, measured

Written by \`npm run live\`, which asks SendGrid's relay with your own key what
its documentation does not say. The key is read from \`SENDGRID_API_KEY\` and
never printed.`;

const NOT_YET = `**This has not been run against SendGrid yet.** What the library assumes about
the relay rests on documentation and transcripts; wherever the relay can be
asked, the library asks it at run time.`;

/** The page as Markdown; without a report it says that there is none. */
export function livePage(report?: LiveReport): Promise<string> {
  const body = report === undefined ? NOT_YET : results(report);
  return format(`${HEAD}\n\n${body}\n`, { parser: 'markdown' });
}

function results(report: LiveReport): string {
  const { setUp } = report;
  const rows = [
    ['relay', `${report.host}:${report.port}`],
    ['greeting', setUp.greeting],
    ['connecting to greeting', ms(setUp.greetingMs)],
    ['TLS', `${setUp.tls.version}, ${setUp.tls.cipher}`],
    ['EHLO after STARTTLS', setUp.keywords.join(', ')],
    ['reply to AUTH PLAIN', ms(report.authMs)],
    ['reply to NOOP (a round trip)', ms(report.noopMs)],
    ['reply to the final dot', spread(report.dotMs)],
    ['AUTH PLAIN and envelope in one write', verdict(report.groupedAuth)],
    ['body and next envelope in one write', verdict(report.oneFlight)],
    ['past the cap of a connection', report.cap ?? 'not asked'],
    ['idle connection', report.idle ?? 'not asked'],
  ];
  const lines = rows.map(([what, found]) => `| ${what} | ${cell(found)} |`);
  return `| | |\n|---|---|\n${lines.join('\n')}\n\nFrom: ${machine()}.`;
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    ms(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return `${sorted.length} messages: median ${at(0.5)}, p90 ${at(0.9)}, slowest ${at(1)}`;
}

function verdict({ accepted, replies }: Grouping): string {
  return `${accepted ? 'accepted' : 'refused'}: ${replies.join(' / ')}`;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** The relay's own words must not break the table. */
function cell(text = ''): string {
  return text.replaceAll('|', '\\|').replaceAll(/[\r\n]+/g, ' ');
}
