import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localized } from '../../../lib/compat/localized.js';

const DIR = 'test/consumers/from-nest-mailer/templates';
const EN = { defaultLocale: 'en' };

describe('localized', () => {
  it.each([
    ['de', EN, DIR, 'de/welcome'],
    ['en', EN, DIR, 'en/welcome'],
    ['fr', EN, DIR, 'en/welcome'],
    ['fr', { ...EN, fallback: false }, DIR, 'fr/welcome'],
    ['de', EN, undefined, 'en/welcome'],
    ['de', { ...EN, templateDirPattern: './{{locale}}' }, DIR, 'de/welcome'],
  ])('finds the template for %s with %o', (locale, i18n, dir, expected) => {
    expect(localized('welcome', locale, i18n, dir)).toBe(
      join(...expected.split('/')),
    );
  });

  it('finds one that is named with its extension', () => {
    expect(localized('welcome.hbs', 'de', EN, DIR)).toBe(
      join('de', 'welcome.hbs'),
    );
  });
});
