import { mkdir, mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Of the package that npm runs a script of. */
const CACHE = resolve('node_modules/.cache/servers');

/** A folder that outlives the run: for what was downloaded. */
export async function cacheFolder(name: string): Promise<string> {
  const folder = join(CACHE, name);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** A new folder for one server of one run. */
export async function runFolder(name: string): Promise<string> {
  return mkdtemp(join(await cacheFolder('run'), `${name}-`));
}
