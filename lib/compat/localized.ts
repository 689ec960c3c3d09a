import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { I18nOptions } from './template-adapter.js';

const EXTENSIONS = [
  '.hbs',
  '.pug',
  '.ejs',
  '.njk',
  '.liquid',
  '.mjml',
  '.html',
];

/** The name of a template for a locale, or for the default one where it has none. */
export function localized(
  template: string,
  locale: string,
  {
    defaultLocale,
    templateDirPattern = '{{locale}}/',
    fallback = true,
  }: I18nOptions,
  dir: string | undefined,
): string {
  const inLocale = (name: string): string =>
    join(
      templateDirPattern.replace('{{locale}}', () => name),
      template,
    );
  const own = inLocale(locale);
  if (!fallback || locale === defaultLocale) return own;
  return exists(own, dir) ? own : inLocale(defaultLocale);
}

function exists(template: string, dir: string | undefined): boolean {
  if (dir === undefined) return false;
  const path = join(dir, template);
  return ['', ...EXTENSIONS].some((extension) => existsSync(path + extension));
}
