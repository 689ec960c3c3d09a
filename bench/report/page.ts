import { format } from 'prettier';
import { machine, peers } from './machine.js';
import { sectionText, verdictTable } from './markdown.js';
import type { Section } from './section.js';

const INTRODUCTION = `# Benchmarks

Written by \`npm run bench\`; every figure is from that one run. Machines differ
and are noisy, so the ratios between libraries say more than the figures.`;

const METHOD = `## How it is measured

- The server is a process of its own: plain sockets without Nagle's delay, all
  replies to one chunk in one write, nothing kept. It counts what it takes, and
  a run whose count is wrong gives no figure.
- Every run of a library is a process of its own, with the server's over
  loopback. It opens its connections and sends 5,000 messages or more before
  the measured ones, so that neither set-up nor a cold compiler counts. Where
  the cost's growth is measured, these are half as many as the measured ones.
- CPU is user and system time of the library's process over the measured
  messages. Libraries take turns within a round; tables show the median of the
  rounds with the smallest and the largest value. A ratio is taken within each
  round.
- Each library is set up as it is fastest here: connections that are never
  replaced for nodemailer (\`maxMessages: Infinity\`), \`sendMany\` for
  @upyo/smtp, which spares it the RSET after each message. This one runs with
  its defaults. All get ten connections; those with a queue are kept at a hundred
  messages under way.
- A proxy in the bench's own process stands for a distant server where a round
  trip is named; figures in round trips are counted in what it really takes.`;

/** The page docs/benchmarks.md. */
export async function page(sections: readonly Section[]): Promise<string> {
  const measuredOn = [...machine(), ...peers()].map((line) => `- ${line}`);
  const parts = [
    INTRODUCTION,
    verdictTable(sections.flatMap((section) => section.verdicts)),
    measuredOn.join('\n'),
    ...sections.map((section) => sectionText(section)),
    METHOD,
  ];
  return format(parts.join('\n\n'), { parser: 'markdown' });
}
