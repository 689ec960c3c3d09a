// `npm run live`: measures SendGrid's relay and writes docs/live.md.
// `--page` writes the page that says that it has not been run.
import { writeFile } from 'node:fs/promises';
import { measure } from './measure.js';
import { livePage } from './page.js';
import { readSettings, USAGE } from './settings.js';

const PAGE = 'docs/live.md';

async function main(args: readonly string[]): Promise<number> {
  if (args.join() === '--page') {
    await writeFile(PAGE, await livePage());
    return 0;
  }
  const settings = readSettings(process.env, args);
  if (typeof settings === 'string') {
    console.error(`${settings}\n\n${USAGE}`);
    return 2;
  }
  const page = await livePage(await measure(settings));
  await writeFile(PAGE, page);
  console.log(page);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
