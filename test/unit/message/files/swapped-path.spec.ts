import { renameSync, symlinkSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { ADirectory } from './a-directory.js';

/** What somebody else does to the disk, by the moment: `after lstat 1`. */
const meanwhile = new Map<string, () => void>();
const calls = new Map<string, number>();

// The disk itself. A file is opened by: realpath 1 of the directory, realpath 2
// and lstat 1 of the file, open, realpath 3 and lstat 2 of the file.
vi.mock('node:fs/promises', async (original) => {
  const disk = await original<typeof import('node:fs/promises')>();
  const watched =
    (name: 'realpath' | 'lstat') => async (path: string, options: object) => {
      const n = (calls.get(name) ?? 0) + 1;
      calls.set(name, n);
      meanwhile.get(`before ${name} ${n}`)?.();
      const answer: unknown = await disk[name](path, options);
      meanwhile.get(`after ${name} ${n}`)?.();
      return answer;
    };
  return { ...disk, realpath: watched('realpath'), lstat: watched('lstat') };
});

afterEach(() => {
  meanwhile.clear();
  calls.clear();
});

describe('a path that is swapped while it is opened', () => {
  const files = ADirectory.forEach();

  const linkFile = (): void => {
    renameSync(files.at('allowed/a.txt'), files.at('away'));
    symlinkSync(files.at('secret/a.txt'), files.at('allowed/a.txt'));
  };
  const linkFolder = (): void => {
    renameSync(files.at('allowed/sub'), files.at('away'));
    symlinkSync(files.at('secret'), files.at('allowed/sub'));
  };
  const putBack = (): void => {
    renameSync(files.at('allowed/sub'), files.at('link'));
    renameSync(files.at('away'), files.at('allowed/sub'));
  };
  const linkAgain = (): void => {
    renameSync(files.at('allowed/sub'), files.at('away'));
    renameSync(files.at('link'), files.at('allowed/sub'));
  };

  it('is read when nobody swaps it', async () => {
    files.write('allowed/sub/a.txt', 'inside');

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
      files.write('allowed/sub/a.txt', 'inside');
      meanwhile.set(moment, linkFolder);

      expect(await files.refusal('sub/a.txt')).toMatch(/was replaced/);
    },
  );

  it('is refused: its folder is a link just while it is opened', async () => {
    files.write('allowed/sub/a.txt', 'inside');
    meanwhile.set('after lstat 1', linkFolder);
    meanwhile.set('before realpath 3', putBack);

    expect(await files.refusal('sub/a.txt')).toMatch(/was replaced/);
  });

  it.runIf(process.platform === 'linux')(
    'is refused: its folder is a link whenever that helps',
    async () => {
      files.write('allowed/sub/a.txt', 'inside');
      meanwhile.set('after lstat 1', linkFolder);
      meanwhile.set('before realpath 3', putBack);
      meanwhile.set('before lstat 2', linkAgain);

      expect(await files.refusal('sub/a.txt')).toMatch(/was replaced/);
    },
  );

  it('is refused: another file is moved over it', async () => {
    files.write('allowed/other.txt', 'other');
    meanwhile.set('before realpath 3', () =>
      renameSync(files.at('allowed/other.txt'), files.at('allowed/a.txt')),
    );

    expect(await files.refusal('a.txt')).toMatch(/was replaced/);
  });
});
