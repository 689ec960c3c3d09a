import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';

import { fileOpener } from '../../../../lib/message/files/file-opener.js';
import { ADirectory, FIELD } from './a-directory.js';

const files = ADirectory.forEach();

describe('a file of the directory', () => {
  it.each([
    'a.txt',
    './a.txt',
    'sub/../a.txt',
    'sub//..//a.txt',
    '../allowed/a.txt',
    'a.txt/',
  ])('is read by the relative path %j', async (path) => {
    expect(await files.read(path)).toBe('inside');
  });

  it('is read by its absolute path', async () => {
    expect(await files.read(files.at('allowed/sub/b.txt'))).toBe('deeper');
  });

  it('may have an odd name', async () => {
    for (const name of ['..a', '...', 'a\\b', 'ä b\n', '-', '~', '%2e']) {
      files.write(`allowed/${name}`, name);

      expect(await files.read(name)).toBe(name);
    }
  });

  it('may be empty', async () => {
    files.write('allowed/empty', '');

    expect(await files.read('empty')).toBe('');
  });

  it('may be reached by links that stay in the directory', async () => {
    symlinkSync('../a.txt', files.at('allowed/sub/link'));
    symlinkSync(files.at('allowed/sub'), files.at('allowed/folder'));

    expect(await files.read('folder/link')).toBe('inside');
  });

  it('is read where the directory is a link, under either name', async () => {
    symlinkSync('allowed', files.at('current'));
    const directory = files.at('current');

    for (const path of ['a.txt', files.at('current/a.txt')]) {
      expect(await files.read(path, directory)).toBe('inside');
    }
    expect(await files.read(files.at('allowed/a.txt'), directory)).toBe(
      'inside',
    );
    unlinkSync(directory);
    symlinkSync('allowed/sub', directory);
    expect(await files.read('b.txt', directory)).toBe('deeper');
  });

  it('is opened when it is asked for, and anew each time', async () => {
    const about = { directory: files.allowed, field: FIELD, maxBytes: 1000 };
    const open = fileOpener('later.txt', about);

    for (const text of ['one', 'two']) {
      files.write('allowed/later.txt', text);
      const chunks: unknown[] = await open().setEncoding('utf8').toArray();

      expect(chunks).toEqual([text]);
    }
  });
});

describe('what lies elsewhere', () => {
  it.each([
    '../secret/a.txt',
    'sub/../../secret/a.txt',
    '../allowed-not/a.txt',
    '..',
    '/etc/passwd',
    '/../../etc/passwd',
  ])('is refused by the path %j', async (path) => {
    expect(await files.refusal(path)).toMatch(
      /^`attachments\[0\]\.path` points out of the directory of `attachments\.allowFiles`/,
    );
  });

  it('is refused whether it exists or not', async () => {
    const there = await files.refusal(files.at('secret/a.txt'));

    expect(await files.refusal(files.at('secret/missing.txt'))).toBe(there);
    expect(await files.refusal('../nowhere/a.txt')).toBe(there);
  });

  it('is refused through a link', async () => {
    symlinkSync('../secret/a.txt', files.at('allowed/link'));
    symlinkSync(files.at('secret'), files.at('allowed/folder'));
    symlinkSync('link', files.at('allowed/link-to-link'));

    for (const path of ['link', 'folder/a.txt', 'link-to-link']) {
      expect(await files.refusal(path)).toMatch(/points out of the directory/);
    }
  });

  it('is refused through a link out that leads back by dots', async () => {
    symlinkSync(files.at('secret'), files.at('allowed/folder'));

    // As paths are read, the dots take `folder` away; on disk they would lead out of `secret`.
    expect(await files.read('folder/../a.txt')).toBe('inside');
  });

  it.runIf(process.platform !== 'win32')(
    'is not reached by backslashes',
    async () => {
      expect(await files.refusal('..\\secret\\a.txt')).toMatch(/ENOENT/);
    },
  );
});

describe('what is no file', () => {
  it.each([
    ['missing', 'no.txt', /cannot be read \(ENOENT\)/],
    ['below a file', 'a.txt/b', /cannot be read \(ENOTDIR\)/],
    ['too long a name', 'a'.repeat(5000), /cannot be read \(ENAMETOOLONG\)/],
    ['a data URI in capitals', 'DATA:text/plain,x', /cannot be read/],
    ['the directory', '.', /not a regular file/],
    ['a directory in it', 'sub', /not a regular file/],
    ['NUL in it', 'a.txt\0.png', /without NUL/],
    ['a file URL', 'file:///etc/passwd', /not a `file:` URL/],
    ['a file URL in capitals', 'FILE:a.txt', /not a `file:` URL/],
    ['a URL object', new URL('file:///etc/passwd'), /as a string/],
    ['a Buffer', Buffer.from('a.txt'), /as a string/],
  ])('is refused: %s', async (_label, path, text) => {
    const message = await files.refusal(path);

    expect(message).toMatch(text);
    expect(message).toContain('`attachments[0].path`');
  });

  it('is refused: a dangling link, and links in a circle', async () => {
    symlinkSync('nowhere', files.at('allowed/dangling'));
    symlinkSync('circle', files.at('allowed/circle'));

    expect(await files.refusal('dangling')).toMatch(/ENOENT/);
    expect(await files.refusal('circle')).toMatch(/ELOOP/);
  });

  it.runIf(process.platform !== 'win32')(
    'is refused without waiting: a pipe and a socket',
    async () => {
      execFileSync('/usr/bin/env', ['mkfifo', files.at('allowed/pipe')]);
      const server = createServer().listen(files.at('allowed/socket'));
      await once(server, 'listening');

      expect(await files.refusal('pipe')).toMatch(/not a regular file/);
      expect(await files.refusal('socket')).toMatch(/not a regular file/);
      server.close();
    },
  );

  it('is refused when the directory itself is gone', async () => {
    expect(await files.refusal('a.txt', files.at('gone'))).toMatch(/ENOENT/);
  });
});

describe('a file over the limit', () => {
  it('is refused before it is read', async () => {
    files.write('allowed/fits', 'a'.repeat(1000));
    files.write('allowed/large', 'a'.repeat(1001));

    expect(await files.read('fits')).toHaveLength(1000);
    expect(await files.refusal('large')).toMatch(/`maxMessageBytes` \(1000/);
  });
});

describe.runIf(process.platform === 'linux')('descriptors', () => {
  const openFiles = (): string[] =>
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        // The one that the listing itself used.
        return [];
      }
    });

  it('are closed, whatever became of the file', async () => {
    files.write('allowed/large', 'a'.repeat(1001));
    mkdirSync(files.at('allowed/empty'));

    await files.read('a.txt');
    for (const path of ['large', 'empty', 'no', '..']) {
      await files.refusal(path);
    }
    const about = { directory: files.allowed, field: FIELD, maxBytes: 1000 };
    const unread = fileOpener('a.txt', about)();
    unread.destroy();
    await once(unread, 'close');

    const left = openFiles().filter((path) => path.startsWith(files.at('')));
    expect(left).toEqual([]);
  });
});
