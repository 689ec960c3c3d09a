// `npm run bench`: measures, prints, and writes docs/benchmarks.md and the table
// of README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { readFlags, USAGE, type Request } from './flags.js';
import { inRepository, installPeers } from './peers.js';
import { profile } from './profile.js';
import { page } from './report/page.js';
import { withMeasured } from './report/readme.js';
import { sectionText, verdictTable } from './report/markdown.js';
import { holds, type Section } from './report/section.js';
import { Sink } from './sink/sink.js';
import { SUITES } from './suites/suites.js';

const PAGE = 'docs/benchmarks.md';
const README = 'README.md';

type BenchRequest = Extract<Request, { kind: 'bench' }>;

async function bench(request: BenchRequest, sink: Sink): Promise<void> {
  const { suites, scale } = request;
  const sections: Section[] = [];
  for (const name of suites) {
    const began = performance.now();
    const section = await SUITES[name]({ sink, scale });
    sections.push(section);
    const seconds = Math.round((performance.now() - began) / 1000);
    console.info(`${sectionText(section)}\n\n(${name}: ${seconds} s)\n`);
  }
  if (scale === 'smoke') return;
  const verdicts = sections.flatMap((section) => section.verdicts);
  if (verdicts.length > 0) console.info(verdictTable(verdicts));

  if (scale === 'quick') return;
  if (suites.length === Object.keys(SUITES).length) {
    await write(sections);
    console.info(`\nWritten to ${PAGE} and ${README}`);
  }
  const missed = verdicts.filter((verdict) => !holds(verdict));
  for (const { what } of missed) console.error(`Missed: ${what}`);
  if (missed.length > 0) process.exitCode = 1;
}

async function write(sections: readonly Section[]): Promise<void> {
  const text = await page(sections);
  writeFileSync(inRepository(PAGE), text);
  const readme = inRepository(README);
  const measured = withMeasured(readFileSync(readme, 'utf8'), text);
  const style = await resolveConfig(readme);
  writeFileSync(readme, await format(measured, { ...style, filepath: readme }));
}

async function main(): Promise<void> {
  const request = readFlags(process.argv.slice(2));
  if (request.kind === 'help') {
    console.info(USAGE);
    return;
  }
  if (request.kind === 'profile' || request.scale !== 'smoke') installPeers();
  const sink = await Sink.start();
  try {
    if (request.kind === 'profile') await profile(sink, request.name);
    else await bench(request, sink);
  } finally {
    await sink.stop();
  }
}

await main();
