import fc from 'fast-check';
import { symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { isMailError } from '../../../lib/errors/mail-error.js';
import { ATemplateFolder, refusalOf } from './a-template-folder.js';

const folder = ATemplateFolder.forEach();

const SECRET = 'top-secret';

function withSecrets(): void {
  folder.write({
    'a.hbs': 'inside',
    'sub/a.hbs': 'deeper',
    '../a.hbs': SECRET,
    '../secret/a.hbs': SECRET,
    '../templates-not/a.hbs': SECRET,
  });
}

const word = fc.constantFrom(
  '..',
  '.',
  '...',
  'a',
  'sub',
  'secret',
  'templates',
  'templates-not',
  '',
  '~',
  '%2e%2e',
  '\0',
  'a\0',
  '..\\secret',
  'file:',
  'C:',
);

describe('the name of a template', () => {
  it('does not lead out of the directory, whatever it is', async () => {
    withSecrets();
    const templates = folder.templates();
    const names = fc.oneof(
      fc
        .tuple(
          fc.array(word, { maxLength: 5 }),
          fc.constantFrom('/', '\\', '//'),
          fc.constantFrom('', '/', folder.path, `${folder.path}/`),
        )
        .map(([words, separator, start]) => start + words.join(separator)),
      fc.string(),
    );

    await fc.assert(
      fc.asyncProperty(names, fc.option(names), async (name, locale) => {
        const choice = { locale: locale ?? undefined };
        const html = await templates.render(name, {}, choice).then(
          (rendered) => rendered.html,
          (error: unknown) => isMailError(error) && error.code,
        );
        expect([
          'inside',
          'deeper',
          'TEMPLATE',
          'INVALID_MESSAGE',
        ]).toContainEqual(html);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '../a',
    '/etc/passwd',
    'a/../../a',
    'a\\..\\a',
    'a\0',
    '.a',
    'a.',
    'a..b',
    'a//b',
    '',
    'x'.repeat(300),
  ])('is refused as %j, before anything is read', async (name) => {
    withSecrets();

    const error = await refusalOf(folder.templates().render(name, {}));

    expect(error).toMatchObject({ code: 'TEMPLATE', retryable: false });
    expect(error.message).toContain('cannot be named so');
    expect(error.message.length).toBeLessThan(300);
  });

  it.each([
    ['partials/out.hbs', '{{> out}}'],
    ['b.text.hbs', 'fine'],
  ])('does not lead out over a link at %s', async (link, html) => {
    withSecrets();
    folder.write({ 'partials/x.hbs': '', 'b.hbs': html });
    symlinkSync(folder.at('../secret/a.hbs'), folder.at(link));

    const error = await refusalOf(folder.templates().render('b', {}));

    expect(error.file).toBe(link);
    expect(error.message).toContain('link out of the directory');
    expect(error.message).not.toContain(SECRET);
  });

  it('does not lead out over a link to a folder', async () => {
    withSecrets();
    symlinkSync(folder.at('../secret'), folder.at('linked'));

    const error = await refusalOf(folder.templates().render('linked/a', {}));

    expect(error.file).toBe('linked/a.hbs');
    expect(error.message).not.toContain(SECRET);
  });

  it.each([
    ['p.hbs', '{{> ../../secret/a}}'],
    ['p.hbs', '{{> "/etc/passwd"}}'],
    ['p.ejs', `<%- include('../../secret/a') %>`],
    ['p.ejs', `<%- include('/etc/passwd') %>`],
    [
      'p.mjml',
      '<mjml><mj-body><mj-include path="../../secret/a" /></mj-body></mjml>',
    ],
  ])('does not lead out as a partial in %s: %s', async (file, text) => {
    withSecrets();
    folder.write({ [file]: text });

    const error = await refusalOf(folder.templates().render('p', {}));

    expect(error.file).toBe(file);
    expect(error.message).toContain('names a partial');
  });

  it('can have words in folders, with dots, and of any script', async () => {
    folder.write({ 'konto/größe.v2.hbs': 'ja' });

    const { html } = await folder.templates().render('konto/größe.v2', {});

    expect(html).toBe('ja');
  });
});
