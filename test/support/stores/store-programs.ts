import { access, chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../servers/cache.js';
import { unpackPackages } from '../servers/debian-packages.js';

/** What Debian calls a store, and where its program is. */
export interface StorePackage {
  readonly name: string;

  /** The folder of its programs below the root, and one that must be there. */
  find(root: string): Promise<string | undefined>;
}

/** Where a store's programs are, and the libraries that came with them. */
export interface StorePrograms {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The programs of a store: as installed, else as unpacked from Debian's
 * packages into the cache, once.
 *
 * @throws Error naming the packages and the command when they do not come
 */
export async function storePrograms(
  wanted: StorePackage,
): Promise<StorePrograms> {
  const installed = await wanted.find('/');
  if (installed !== undefined) return { folder: installed, env: {} };
  const root = join(await cacheFolder('stores'), wanted.name);
  if ((await wanted.find(root)) === undefined) await unpack(wanted, root);
  const folder = await wanted.find(root);
  if (folder === undefined) {
    throw new Error(`No program came with the Debian package ${wanted.name}`);
  }
  const libraries = await libraryFolders(root);
  return { folder, env: { LD_LIBRARY_PATH: libraries.join(':') } };
}

/** Whole or not at all: another run may be interrupted, or at the same. */
async function unpack({ name }: StorePackage, root: string): Promise<void> {
  const part = await mkdtemp(`${root}-`);
  try {
    await unpackPackages([name], part);
    // A store may run as another user.
    await chmod(part, 0o755);
    await rename(part, root).catch(async (error: unknown) => {
      await access(root).catch(() => Promise.reject(error));
    });
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

async function libraryFolders(root: string): Promise<string[]> {
  const places = [join(root, 'lib'), join(root, 'usr/lib')];
  const found = await Promise.all(
    places.map(async (place) => {
      const names = await readdir(place).catch((): string[] => []);
      const multiarch = names.filter((name) => name.endsWith('-linux-gnu'));
      return multiarch.map((name) => join(place, name));
    }),
  );
  return found.flat();
}
