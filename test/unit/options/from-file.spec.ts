import {
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fromFile } from '../../../lib/options/from-file.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function readBack(text: string): Promise<string> {
  const path = join(folder, 'key');
  await writeFile(path, text);
  return fromFile(path)();
}

describe('a key from a file', () => {
  it.each([
    ['without a line feed', 'key', 'key'],
    ['without one final line feed', 'key\n', 'key'],
    ['without one final CRLF', 'key\r\n', 'key'],
    ['with a second line feed', 'key\n\n', 'key\n'],
    ['with blanks', ' key \n', ' key '],
    ['with a carriage return of its own', 'key\r', 'key\r'],
    ['with a line feed within', 'k\ney', 'k\ney'],
    ['with a line feed in front', '\nkey', '\nkey'],
    ['as nothing', '', ''],
  ])('is read %s', async (_, text, key) => {
    expect(await readBack(text)).toBe(key);
  });

  it('is read anew at each call, as a mounted secret is replaced', async () => {
    // As Kubernetes does it: the file is a link through a link to a folder.
    await mkdir(join(folder, '1'));
    await mkdir(join(folder, '2'));
    await writeFile(join(folder, '1', 'key'), 'first\n');
    await writeFile(join(folder, '2', 'key'), 'second\n');
    await symlink('1', join(folder, '..data'));
    await symlink(join('..data', 'key'), join(folder, 'key'));
    const read = fromFile(join(folder, 'key'));
    const before = await read();
    await symlink('2', join(folder, '..new'));
    await rename(join(folder, '..new'), join(folder, '..data'));

    expect([before, await read()]).toEqual(['first', 'second']);
  });

  it('that is not there is told by its path', async () => {
    const path = join(folder, 'none');

    await expect(fromFile(path)()).rejects.toThrow(
      `The key file ${path} cannot be read (ENOENT)`,
    );
  });
});
