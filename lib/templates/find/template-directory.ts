import { close, readFile, type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { openInside } from '../../message/files/open-inside.js';
import type {
  FoundTemplate,
  TemplateRef,
  TemplateResolver,
  TemplateText,
} from '../template-resolver.js';
import type { TemplatePart } from '../template-engine.js';
import { TemplateError } from '../template.error.js';
import { canonicalLocale } from './locale-chain.js';
import { checkName } from './template-name.js';

const closeFd = promisify(close);
const readFd = promisify(readFile);

/** A template as large as that is none. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Folders that are taken for locales: a language of two or three letters. */
const LOCALE = /^[a-z]{2,3}(?:-[A-Za-z\d]+)*$/;

/** A file of a template. */
interface PartFile {
  readonly part: TemplatePart;
  readonly engine: string;

  /** Its path in the directory, with slashes. */
  readonly file: string;
}

/**
 * Templates in files: `welcome.hbs` is the html of `welcome`,
 * `welcome.text.hbs` its text, `welcome.subject.hbs` its subject, each in the
 * folder of its locale, or in none. The last extension names the engine.
 */
export class TemplateDirectory implements TemplateResolver {
  readonly #directory: string;
  readonly #engines: ReadonlySet<string>;
  readonly #partials: string;

  /** @param directory - absolute */
  constructor(
    directory: string,
    engines: ReadonlySet<string>,
    partials: string,
  ) {
    this.#directory = directory;
    this.#engines = engines;
    this.#partials = partials;
  }

  async resolve(
    name: string,
    locale: string | undefined,
  ): Promise<FoundTemplate | undefined> {
    checkName(name);
    const path = locale === undefined ? name : `${locale}/${name}`;
    const files = await this.#filesOf(path);
    const parts = await Promise.all(
      files.map(async (one) => [one.part, await this.#read(one)] as const),
    );
    return parts.length === 0 ? undefined : Object.fromEntries(parts);
  }

  /** Every template in it, without partials. */
  async list(): Promise<TemplateRef[]> {
    const entries = await this.#entries();
    const paths = new Set(
      entries.flatMap((entry) => {
        const folder = relative(this.#directory, entry.parentPath);
        const parsed = entry.isDirectory()
          ? undefined
          : this.#parse(join(folder, entry.name).split(sep).join('/'));
        return parsed === undefined ? [] : [parsed.path];
      }),
    );
    return [...paths].map(refOf).filter(({ name }) => !this.#isPartial(name));
  }

  async #entries(): Promise<Dirent[]> {
    try {
      const all = { recursive: true, withFileTypes: true } as const;
      return await readdir(this.#directory, all);
    } catch (error) {
      throw unreadable(this.#directory, error);
    }
  }

  #isPartial(name: string): boolean {
    return name.startsWith(`${this.#partials}/`);
  }

  async #filesOf(path: string): Promise<PartFile[]> {
    const folder = path.split('/').slice(0, -1).join('/');
    const names = await this.#namesIn(folder);
    const files = names.flatMap((name): PartFile[] => {
      const file = folder === '' ? name : `${folder}/${name}`;
      const parsed = this.#parse(file);
      return parsed?.path === path ? [{ ...parsed, file }] : [];
    });
    refuseTwice(files);
    return files;
  }

  async #namesIn(folder: string): Promise<string[]> {
    try {
      return (await readdir(join(this.#directory, folder))).toSorted();
    } catch (error) {
      const code: unknown = Reflect.get(Object(error), 'code');
      if (code === 'ENOENT' || code === 'ENOTDIR') return [];
      throw unreadable(folder, error);
    }
  }

  /** What a file is, when it belongs to a template. */
  #parse(
    file: string,
  ): { path: string; part: TemplatePart; engine: string } | undefined {
    const found = /^(.+?)(?:\.(text|subject))?\.([^./]+)$/.exec(file);
    const [, path = '', part = 'html', engine = ''] = found ?? [];
    if (!this.#engines.has(engine) || !isPart(part)) return undefined;
    return { path, part, engine };
  }

  async #read({ file, engine }: PartFile): Promise<TemplateText> {
    const directory = this.#directory;
    const named = { directory, path: file, field: file, maxBytes: MAX_BYTES };
    try {
      const fd = await openInside(named);
      try {
        const text = await readFd(fd, 'utf8');
        return { file, engine, source: text.replace(/^\uFEFF/, '') };
      } finally {
        await closeFd(fd);
      }
    } catch (error) {
      throw unreadable(file, error);
    }
  }
}

function isPart(part: string): part is TemplatePart {
  return part === 'html' || part === 'text' || part === 'subject';
}

function refOf(path: string): TemplateRef {
  const [first = '', ...rest] = path.split('/');
  const isLocale =
    rest.length > 0 && LOCALE.test(first) && canonicalLocale(first) === first;
  return isLocale ? { name: rest.join('/'), locale: first } : { name: path };
}

function refuseTwice(files: readonly PartFile[]): void {
  for (const [n, { part, file }] of files.entries()) {
    const other = files.slice(n + 1).find((one) => one.part === part);
    if (other === undefined) continue;
    const problem = `is there twice, as ${other.file} too: remove one`;
    throw new TemplateError([{ file, problem }]);
  }
}

/** Whatever the opening of a file says is about the field of a message. */
function unreadable(file: string, cause: unknown): TemplateError {
  const inner: unknown = Reflect.get(Object(cause), 'cause') ?? cause;
  const code: unknown = Reflect.get(Object(inner), 'code');
  const why =
    typeof code === 'string' && code.startsWith('E')
      ? code
      : 'it is a link out of the directory, or no regular file of less than 10 MiB';
  const problem = `cannot be read (${why})`;
  return new TemplateError([{ file, problem }], { cause });
}
