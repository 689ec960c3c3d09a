import { isMailError } from 'nestjs-sendgrid-smtp';
import { describe, expect, it } from 'vitest';

import { ATemplateFolder } from './a-template-folder.js';

const folder = ATemplateFolder.forEach();

function withLocales(): void {
  folder.write({
    'a.hbs': 'none {{> foot}}',
    'partials/foot.hbs': 'foot',
    'de/a.hbs': 'de {{> foot}}',
    'de/a.subject.hbs': 'Betreff',
    'de/partials/foot.hbs': 'Fuß',
    'de-AT/a.hbs': 'de-AT {{> foot}}',
    'fr/a.hbs': 'fr {{> foot}}',
    'main.hbs': '[{{{body}}}]',
    'de/main.hbs': '({{{body}}})',
  });
}

describe('a locale', () => {
  it.each([
    [undefined, undefined, 'none foot'],
    ['de', undefined, 'de Fuß'],
    ['de-AT', undefined, 'de-AT Fuß'],
    ['de_at', undefined, 'de-AT Fuß'],
    ['DE-CH', undefined, 'de Fuß'],
    ['it', undefined, 'none foot'],
    ['it', 'fr', 'fr foot'],
    [undefined, 'fr-CA', 'fr foot'],
    ['de', 'fr', 'de Fuß'],
  ])('%s, with the fallback %s, gives %s', async (...row) => {
    withLocales();
    const [locale, fallbackLocale, expected] = row;

    const templates = folder.templates({ fallbackLocale });
    const { html } = await templates.render('a', {}, { locale });

    expect(html).toBe(expected);
  });

  it('has its own layout, and mixes no part with another', async () => {
    withLocales();
    const templates = folder.templates({ layout: 'main' });

    const german = await templates.render('a', {}, { locale: 'de' });
    const austrian = await templates.render('a', {}, { locale: 'de-AT' });

    expect(german).toMatchObject({ html: '(de Fuß)', subject: 'Betreff' });
    expect(austrian).toMatchObject({ html: '(de-AT Fuß)' });
    expect(austrian.subject).toBeUndefined();
  });

  it.each(['../de', 'de/../..', '', 'x', 'de at', '\0', 'a'.repeat(40)])(
    'is refused as %j',
    async (locale) => {
      withLocales();
      const rendered = folder.templates().render('a', {}, { locale });

      const error: unknown = await rendered.catch((thrown: unknown) => thrown);

      expect(isMailError(error) && error.code).toBe('INVALID_MESSAGE');
    },
  );
});
