import { copyFile, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../support/servers/run.js';

const ELF = '\u007fELF';

/** Where Debian's packages keep libraries of their own. */
const LIBRARY_FOLDERS = [
  'lib/x86_64-linux-gnu',
  'usr/lib/x86_64-linux-gnu',
  'lib/aarch64-linux-gnu',
  'usr/lib/aarch64-linux-gnu',
  'usr/lib/postfix',
];

/**
 * Copies every library of this machine that the programs below `root` load to
 * its place below `root`.
 */
export async function copyLibraries(root: string): Promise<void> {
  const programs = await elfFiles(root);
  const folders = LIBRARY_FOLDERS.map((folder) => join(root, folder));
  const listed = await run('ldd', programs, {
    env: { ...process.env, LD_LIBRARY_PATH: folders.join(':') },
  });
  const missing = /^\s*(\S+) => not found$/m.exec(listed)?.[1];
  if (missing !== undefined) {
    throw new Error(`No package brought the library ${missing}`);
  }
  const loaded = Array.from(listed.matchAll(/(\/\S+) \(0x/g), ([, path]) =>
    String(path),
  );
  for (const path of new Set(loaded)) {
    if (path.startsWith(root)) continue;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(path, join(root, path));
  }
}

async function elfFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await startsWith(path, ELF))) found.push(path);
  }
  return found;
}

async function startsWith(path: string, magic: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(magic.length));
    return buffer.toString('latin1') === magic;
  } finally {
    await file.close();
  }
}
