import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { machine } from '../../support/machine.js';
import type { MailServer, WantedMode } from './mail-server.js';

/** One mode wanted of one server, and what came of it. */
export interface Row {
  readonly server: string;
  readonly version: string;
  readonly wanted: WantedMode;
  readonly real: string;
  readonly starttls: boolean;
  readonly auth: boolean;
  readonly accepted: number;
  readonly readBack: number;
  readonly connections: number;
  readonly seconds: number;
}

const COLUMNS: readonly (readonly [string, (row: Row) => string | number])[] = [
  ['server', ({ server, version }) => `${server} ${version}`],
  ['wanted', ({ wanted }) => wanted],
  ['real at the end', ({ real }) => real],
  ['STARTTLS', ({ starttls }) => yes(starttls)],
  ['AUTH', ({ auth }) => yes(auth)],
  ['accepted', ({ accepted }) => accepted],
  ['read back', ({ readBack }) => readBack],
  ['connections', ({ connections }) => connections],
  ['messages/s', ({ accepted, seconds }) => Math.round(accepted / seconds)],
];

const PAGE = fileURLToPath(
  new URL('../../../docs/interop.md', import.meta.url),
);

/** Writes docs/interop.md. */
export async function writePage(
  rows: readonly Row[],
  servers: readonly MailServer[],
): Promise<void> {
  const messages = rows[0]?.accepted ?? 0;
  const page = `
# Interoperability

Written by \`npm run test:interop\`. Each server really runs, on loopback and
with its own spool, and is sent ${messages} messages in each mode of
\`pool.pipelining\` over at most 10 connections: bodies of dots, of lines longer
than SMTP allows, of 8-bit text, of nothing, to one recipient or several. Then
the mail is read back from its mailboxes. Every message was there once for each
recipient, unchanged below the server's trace headers, and under the queue id
that its receipt names.

${table(rows)}

STARTTLS and AUTH are what the server itself noted in the \`Received\` header.
The speeds are those of one run of servers that do very different work for a
message (some write it to disk and wait for that); they compare the modes of
one server at best, and only where nothing else ran on the machine.

${servers.map(({ remark }) => `- ${remark}`).join('\n')}

Machine: ${machine()}.
`;
  await writeFile(PAGE, await format(page, { parser: 'markdown' }));
}

function table(rows: readonly Row[]): string {
  const lines = [
    COLUMNS.map(([title]) => title),
    COLUMNS.map(() => '---'),
    ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row))),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function yes(value: boolean): string {
  return value ? 'yes' : 'no';
}
