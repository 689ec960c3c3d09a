import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(
  new URL('../../../node_modules/.cache/interop/', import.meta.url),
);

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
