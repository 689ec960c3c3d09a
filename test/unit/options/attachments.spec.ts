import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { KEY, problemWith, resolveWith } from './support/problems.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attachments-'));
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function allowed(allowUrls: readonly string[], url: string): boolean {
  const { urls } = resolveWith({ attachments: { allowUrls } }).attachments;
  return urls?.matches(new URL(url)) ?? false;
}

describe('attachments.allowFiles', () => {
  it('is nothing by default', () => {
    expect(resolveWith().attachments.directory).toBeUndefined();
    expect(
      resolveWith({ attachments: {} }).attachments.directory,
    ).toBeUndefined();
  });

  it('takes a directory, and keeps its plain path', () => {
    const allowFiles = `${folder}${sep}.${sep}`;

    const { attachments } = resolveWith({ attachments: { allowFiles } });

    expect(attachments.directory).toBe(folder);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a relative path', () => 'files', /absolute path.*got "files"/],
    ['an empty one', () => '', /absolute path/],
    ['no string', () => true, /absolute path.*got true/],
    ['a list', () => [folder], /absolute path/],
    ['the root', () => sep, /directory of its own/],
    ['the root, from elsewhere', () => `${sep}tmp${sep}..`, /of its own/],
    ['what is missing', () => join(folder, 'no'), /exists/],
    ['a file', () => join(folder, 'file'), /exists/],
    ['a dangling link', () => join(folder, 'dangling'), /exists/],
    ['a path with NUL', () => `${folder}\0`, /exists/],
  ])('refuses %s', (_label, given, problem) => {
    const found = problemWith({ attachments: { allowFiles: given() } });

    expect(found.option).toBe('attachments.allowFiles');
    expect(found.problem).toMatch(problem);
  });
});

describe('attachments.allowUrls', () => {
  it('is nothing by default', () => {
    expect(resolveWith().attachments.urls).toBeUndefined();
  });

  it.each<[string, string]>([
    ['cdn.shop.example', 'https://cdn.shop.example/a.png?b=c'],
    ['CDN.shop.example', 'https://cdn.SHOP.example:443/'],
    ['cdn.shop.example:8443', 'https://cdn.shop.example:8443/'],
    ['https://cdn.shop.example', 'https://cdn.shop.example/'],
    ['http://cdn.shop.example', 'http://cdn.shop.example:80/'],
    ['http://cdn.shop.example:81', 'http://cdn.shop.example:81/'],
    ['*.shop.example', 'https://cdn.shop.example/'],
    ['*.shop.example', 'https://a.b.shop.example/'],
    ['http://*.shop.example:81', 'http://a.shop.example:81/'],
    ['bücher.example', 'https://xn--bcher-kva.example/'],
    ['xn--bcher-kva.example', 'https://BÜCHER.example/'],
    ['10.0.0.7:8443', 'https://10.0.0.7:8443/'],
    ['http://127.0.0.1:81', 'http://0x7f.1:81/'],
    ['[2001:db8::7]', 'https://[2001:DB8:0::7]/'],
  ])('%j allows %s', (entry, url) => {
    expect(allowed(['other.example', entry], url)).toBe(true);
  });

  it.each<[string, string]>([
    ['cdn.shop.example', 'http://cdn.shop.example/'],
    ['cdn.shop.example', 'https://cdn.shop.example:8443/'],
    ['cdn.shop.example', 'https://a.cdn.shop.example/'],
    ['cdn.shop.example', 'https://cdn.shop.example.evil.example/'],
    ['cdn.shop.example', 'https://cdn.shop.example./'],
    ['cdn.shop.example', 'https://evil.example/cdn.shop.example'],
    ['cdn.shop.example', 'https://cdn.shop.example@evil.example/'],
    ['cdn.shop.example', 'https://evil.example\\@cdn.shop.example/'],
    ['cdn.shop.example:8443', 'https://cdn.shop.example/'],
    ['http://cdn.shop.example', 'https://cdn.shop.example/'],
    ['*.shop.example', 'https://shop.example/'],
    ['*.shop.example', 'https://evilshop.example/'],
    ['*.shop.example', 'http://cdn.shop.example/'],
    ['*.shop.example', 'https://cdn.shop.example:8443/'],
    ['*.shop.example', 'ftp://cdn.shop.example/'],
    ['10.0.0.7', 'https://10.0.0.8/'],
    ['shop.example', 'file:///etc/passwd'],
    ['shop.example', 'data:text/plain,x'],
  ])('%j does not allow %s', (entry, url) => {
    expect(allowed([entry], url)).toBe(false);
  });

  it('may be empty, and allows nothing then', () => {
    expect(allowed([], 'https://shop.example/')).toBe(false);
  });

  it.each<unknown>([
    '',
    '*',
    '*.example',
    '*.10.0.0.1',
    'a.*.example',
    'cdn.*',
    'https://',
    'ftp://shop.example',
    'https://shop.example/',
    'shop.example/path',
    'shop.example?a',
    'shop.example#a',
    'ada@shop.example',
    'shop example',
    'shop.example.',
    'shop..example',
    'shop.example:port',
    'shop.example:99999',
    '[::1',
    'shop%2eexample',
    7,
    null,
  ])('refuses the entry %j', (entry) => {
    const allowUrls = ['shop.example', entry];

    const { option, problem } = problemWith({ attachments: { allowUrls } });

    expect(option).toBe('attachments.allowUrls');
    expect(problem).toMatch(/^must hold hosts .* entry 2 is none$/);
  });

  it.each<unknown>(['shop.example', {}, 7, true])('refuses %j', (allowUrls) => {
    expect(problemWith({ attachments: { allowUrls } }).problem).toMatch(
      /^must be a list of hosts, got /,
    );
  });
});

describe('attachments.urlTimeoutMs', () => {
  it.each<unknown>([0, -1, 1.5, '5', 2 ** 31])('refuses %j', (urlTimeoutMs) => {
    expect(problemWith({ attachments: { urlTimeoutMs } }).option).toBe(
      'attachments.urlTimeoutMs',
    );
  });
});

describe('attachments', () => {
  it('are the same for tenants', () => {
    const { tenants } = resolveOptions({
      attachments: { allowFiles: folder, allowUrls: ['shop.example'] },
      tenants: () => ({ apiKey: KEY }),
    });

    const { directory, urls } = tenants?.of('acme').attachments ?? {};

    expect(directory).toBe(folder);
    expect(urls?.matches(new URL('https://shop.example/'))).toBe(true);
  });

  it('know the near misses', () => {
    expect(problemWith({ attachments: { allowUrl: [] } }).problem).toMatch(
      /did you mean `attachments.allowUrls`/,
    );
    expect(problemWith({ allowFiles: folder }).problem).toMatch(
      /did you mean `attachments.allowFiles`/,
    );
  });
});
