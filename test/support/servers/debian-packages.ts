import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache.js';
import { run } from './run.js';

/**
 * Downloads Debian packages, with whatever they need that is not installed
 * here, and unpacks them into a folder. Servers conflict with each other as
 * packages, so nothing is installed.
 *
 * @throws Error naming the packages and the command when this is no Debian
 */
export async function unpackPackages(
  wanted: readonly string[],
  folder: string,
): Promise<void> {
  try {
    await access('/usr/bin/apt-get', constants.X_OK);
  } catch (cause) {
    throw new Error(`There is no apt-get here. ${advice(wanted)}`, { cause });
  }
  try {
    await unpack(wanted, folder);
  } catch {
    // The lists of a fresh machine are empty or out of date.
    await updateLists(wanted);
    await unpack(wanted, folder).catch((cause: unknown) => {
      throw new Error(`The packages did not come. ${advice(wanted)}`, {
        cause,
      });
    });
  }
}

/** @throws Error naming the packages and the command unless this is root */
export function needRoot(wanted: readonly string[]): void {
  if (process.getuid?.() === 0) return;
  throw new Error(
    `Only root can unpack and start these servers. ${advice(wanted)}`,
  );
}

function advice(wanted: readonly string[]): string {
  const names = wanted.join(' ');
  const script = process.env['npm_lifecycle_event'] ?? 'test:all';
  return `This server needs the Debian packages ${names}: run \`npm run ${script}\` as root on Debian or Ubuntu, where \`apt-get download ${names}\` works.`;
}

async function updateLists(wanted: readonly string[]): Promise<void> {
  try {
    await run('apt-get', ['update', '--quiet']);
  } catch (cause) {
    throw new Error(`The lists of packages did not come. ${advice(wanted)}`, {
      cause,
    });
  }
}

async function unpack(
  wanted: readonly string[],
  folder: string,
): Promise<void> {
  const names = await withMissing(wanted);
  // In a folder without the files: apt-get names those only that it lacks.
  const uris = await run('apt-get', ['download', '--print-uris', ...names], {
    cwd: folder,
  });
  const files = Array.from(uris.matchAll(/^'[^']+' (\S+) /gm), ([, file]) =>
    String(file),
  );
  const cache = await cacheFolder('packages');
  await run('apt-get', ['download', '--quiet', ...names], { cwd: cache });
  for (const file of files) {
    await run('dpkg', ['--extract', join(cache, file), folder]);
  }
}

async function withMissing(wanted: readonly string[]): Promise<string[]> {
  const plan = await run('apt-get', [
    'install',
    '--simulate',
    '--no-install-recommends',
    ...wanted,
  ]);
  const missing = Array.from(plan.matchAll(/^Inst (\S+) /gm), ([, name]) =>
    String(name),
  );
  return [...new Set([...wanted, ...missing])];
}
