import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { cacheFolder } from '../../support/servers/cache.js';
import { run } from '../../support/servers/run.js';

/**
 * Installs one exact version of an npm package into the cache, once, and
 * resolves with its folder.
 *
 * @throws Error naming the package and the command when it does not come
 */
export async function npmPackage(
  name: string,
  version: string,
): Promise<string> {
  const prefix = await cacheFolder(`${name.toLowerCase()}-${version}`);
  const folder = join(prefix, 'node_modules', name);
  if ((await installed(folder)) === version) return folder;
  const options = '--no-audit --no-fund --ignore-scripts --omit=optional';
  const args = ['install', '--prefix', prefix, ...options.split(' ')];
  args.push(`${name}@${version}`);
  try {
    await run('npm', args);
  } catch (cause) {
    throw new Error(
      `The npm package ${name}@${version} could not be installed: npm ${args.join(' ')}`,
      { cause },
    );
  }
  return folder;
}

async function installed(folder: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(folder, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version?: string }).version;
  } catch {
    return undefined;
  }
}
