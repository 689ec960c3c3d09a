import { renameSync, symlinkSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { ADirectory } from './a-directory.js';

/** What somebody else does to the disk, by the moment: `after lstat 1`. */
const meanwhile = new Map<string, () => void>();
const calls = new Map<string, number>();

/** Whether the system tells which file a descriptor is of. */
let tells = true;

// The disk itself. A file is opened by: realpath 1 of the directory, realpath 2
// and lstat 1 of the file, open, realpath 3 and lstat 2 of the file.
vi.mock('node:fs/promises', async (original) => {
  const disk = await original<typeof import('node:fs/promises')>();
  type Call = (path: string, options?: object) => Promise<unknown>;
  const watched =
    (name: string, call: Call): Call =>
    async (path, options) => {
      const n = (calls.get(name) ?? 0) + 1;
      calls.set(name, n);
      meanwhile.get(`before ${name} ${n}`)?.();
      const answer = await call(path, options);
      meanwhile.get(`after ${name} ${n}`)?.();
      return answer;
    };
  return {
    ...disk,
    realpath: watched('realpath', disk.realpath),
    lstat: watched('lstat', disk.lstat),
    readlink: (path: string) =>
      tells ? disk.readlink(path) : Promise.reject(new Error('no such link')),
  };
});

const files = ADirectory.forEach();

beforeEach(() => {
  meanwhile.clear();
  calls.clear();
  tells = true;
  files.write('allowed/sub/a.txt', 'inside');
});

function linkFile(): void {
  renameSync(files.at('allowed/a.txt'), files.at('away'));
  symlinkSync(files.at('secret/a.txt'), files.at('allowed/a.txt'));
}

function linkFolder(): void {
  renameSync(files.at('allowed/sub'), files.at('away'));
  symlinkSync(files.at('secret'), files.at('allowed/sub'));
}

function putBack(): void {
  renameSync(files.at('allowed/sub'), files.at('link'));
  renameSync(files.at('away'), files.at('allowed/sub'));
}

function linkAgain(): void {
  renameSync(files.at('allowed/sub'), files.at('away'));
  renameSync(files.at('link'), files.at('allowed/sub'));
}

describe.each([
  ['where a descriptor tells its path', true],
  ['where none does', false],
])('a path that is swapped while it is opened, %s', (_label, told) => {
  beforeEach(() => {
    tells = told;
  });

  it('is read when nobody swaps it', async () => {
    expect(await files.read('sub/a.txt')).toBe('inside');
    expect(Object.fromEntries(calls)).toEqual({ realpath: 3, lstat: 2 });
  });

  it.each([
    ['after realpath 2', /not a regular file/],
    ['after lstat 1', /cannot be read \(ELOOP\)/],
  ])('is refused: the file becomes a link %s', async (moment, text) => {
    meanwhile.set(moment, linkFile);

    expect(await files.refusal('a.txt')).toMatch(text);
  });

  it.each(['after realpath 2', 'after lstat 1'])(
    'is refused: its folder becomes a link %s',
    async (moment) => {
      meanwhile.set(moment, linkFolder);

      expect(await files.refusal('sub/a.txt')).toMatch(/was replaced/);
    },
  );

  it('is refused: its folder is a link just while it is opened', async () => {
    meanwhile.set('after lstat 1', linkFolder);
    meanwhile.set('before realpath 3', putBack);

    expect(await files.refusal('sub/a.txt')).toMatch(/was replaced/);
  });

  it('is refused: another file is moved over it', async () => {
    files.write('allowed/other.txt', 'other');
    meanwhile.set('before realpath 3', () =>
      renameSync(files.at('allowed/other.txt'), files.at('allowed/a.txt')),
    );

    expect(await files.refusal('a.txt')).toMatch(/was replaced/);
  });
});

describe.runIf(process.platform === 'linux')('a path on Linux', () => {
  it('is refused: its folder is a link at every moment that helps', async () => {
    meanwhile.set('after lstat 1', linkFolder);
    meanwhile.set('before realpath 3', putBack);
    meanwhile.set('before lstat 2', linkAgain);

    expect(await files.refusal('sub/a.txt')).toMatch(/was replaced/);
  });
});
