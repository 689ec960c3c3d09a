import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageFolder } from '../page/folder.cjs';
import type { Answer } from './answer.js';
import { PAGE_POLICY } from './policies.js';

const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

/** What the page consists of, besides index.html. */
const FILES: ReadonlyMap<string, keyof typeof TYPES> = new Map(
  Object.entries({
    'mailbox.css': 'css',
    'icon.svg': 'svg',
    'main.js': 'js',
    'api.js': 'js',
    'dom.js': 'js',
    'format.js': 'js',
    'keys.js': 'js',
    'list.js': 'js',
    'message.js': 'js',
    'pool.js': 'js',
  }),
);

/** Where `index.html` names the last part of the page's own path. */
const OWN_PATH = '{{path}}';

/** Where the page is, for who asks with a slash behind: its links would lead astray. */
export function pathAnswer(path: string): Answer {
  const headers = { Location: `../${nameOf(path)}` };
  return { status: 302, type: 'text/plain', body: '', headers };
}

/** The page, whose links are relative to `path`, whatever stands before that. */
export async function pageAnswer(path: string): Promise<Answer> {
  const text = await readFile(join(pageFolder, 'index.html'), 'utf8');
  const body = text.replaceAll(OWN_PATH, nameOf(path));
  return { type: 'text/html; charset=utf-8', body, headers: PAGE_POLICY };
}

/** One file of the page; `undefined` for any other. */
export async function fileAnswer(name: string): Promise<Answer | undefined> {
  const kind = FILES.get(name);
  if (kind === undefined) return undefined;
  const body = await readFile(join(pageFolder, name));
  return { type: TYPES[kind], body };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
