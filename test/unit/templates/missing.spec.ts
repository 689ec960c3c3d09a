import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';

import { liquidEngine, nunjucksEngine, pugEngine } from './adapters.js';
import { ATemplateFolder, refusalOf } from './a-template-folder.js';

const folder = ATemplateFolder.forEach();

const SECRET = 'hunter2@example.net';

const MJML = (text: string): string =>
  `<mjml><mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body></mjml>`;

describe('a template that is missing', () => {
  it('is a typed error that names it and where it was looked for', async () => {
    const error = await refusalOf(
      folder.templates().render('welcome', {}, { locale: 'de-AT' }),
    );

    expect(error).toMatchObject({
      name: 'TemplateError',
      code: 'TEMPLATE',
      deliveryState: 'not-sent',
      file: 'welcome',
    });
    expect(error.message).toContain(
      '(welcome.*, de-AT/welcome.*, de/welcome.*)',
    );
  });

  it('is told of a layout and of a directory, too', async () => {
    folder.write({ 'a.hbs': 'x' });

    const layout = await refusalOf(
      folder.templates({ layout: 'main' }).render('a', {}),
    );
    const directory = await refusalOf(
      folder.templates({ directory: folder.at('none') }).verify(),
    );

    expect(layout).toMatchObject({ file: 'main' });
    expect(directory.message).toContain('ENOENT');
  });
});

describe('a partial that is missing', () => {
  it.each([
    ['a.hbs', '{{#if x}}{{> foot}}{{/if}}'],
    ['a.hbs', '{{#> foot}}else{{/foot}}'],
    ['a.ejs', '<% if (false) { %><%- include("foot") %><% } %>'],
    [
      'a.mjml',
      '<mjml><mj-body><mj-include path="./foot.mjml" /></mj-body></mjml>',
    ],
  ])('is told of %s, before anything is written: %s', async (file, text) => {
    folder.write({ [file]: text });

    const error = await refusalOf(folder.templates().render('a', {}));

    expect(error.file).toBe(file);
    expect(error.message).toContain('needs the partial');
    expect(error.message).toContain('partials/foot');
  });

  it('names the partial that names it', async () => {
    folder.write({ 'a.hbs': '{{> foot}}', 'partials/foot.hbs': '{{> toe}}' });

    const error = await refusalOf(folder.templates().render('a', {}));

    expect(error.file).toBe('partials/foot.hbs');
  });

  it('is told of an EJS template that makes the name up', async () => {
    folder.write({ 'a.ejs': '<%- include(which) %>' });

    const rendered = folder.templates().render('a', { which: 'foot' });

    expect((await refusalOf(rendered)).message).toContain('write the name out');
  });
});

describe('a variable that is missing', () => {
  it.each<[string, string, string, string]>([
    ['a.hbs', '\nHi {{name}}', 'name', 'line 2'],
    ['a.hbs', 'Hi {{user.first}}', 'first', 'line 1'],
    ['a.hbs', '{{#each list}}{{size}}{{/each}}', 'size', 'line 1'],
    ['a.hbs', '{{user.secret.first}}', 'first', ''],
    ['a.subject.hbs', '{{name}}', 'name', 'line 1'],
    ['a.text.hbs', '{{name}}', 'name', 'line 1'],
    ['a.mjml', MJML('{{name}}'), 'name', 'line'],
    ['a.ejs', '\n\n<%= name %>', 'name', 'line 3'],
    ['a.ejs', '<%= user.address.zip %>', 'zip', 'line 1'],
    ['a.liquid', '{{ name }}', 'name', ''],
  ])('is named with its file, %s: %s', async (file, text, variable, where) => {
    folder.write({ [file]: text });
    const context = { user: { secret: SECRET }, list: [{ secret: SECRET }] };

    const engines = { liquid: liquidEngine };
    const error = await refusalOf(
      folder.templates({ engines }).render('a', context),
    );

    expect(error).toMatchObject({ file, variable });
    expect(error.message).toContain(`\`${variable}\``);
    expect(error.message).toContain(where);
    expect(inspect(error)).not.toContain(SECRET);
  });

  it.each([
    ['a.ejs', '<%= user.name %>', 'writes a value that is undefined (line 1)'],
    ['a.njk', '{{ user.name }}', 'failed with'],
  ])('is told by its file where only that is known, %s', async (...row) => {
    const [file, text, told] = row;
    folder.write({ [file]: text });

    const engines = { njk: nunjucksEngine };
    const error = await refusalOf(
      folder.templates({ engines }).render('a', { user: { secret: SECRET } }),
    );

    expect(error.file).toBe(file);
    expect(error.message).toContain(told);
    expect(inspect(error)).not.toContain(SECRET);
  });

  it('names the partial that needs it', async () => {
    folder.write({
      'a.hbs': '{{> foot}}',
      'partials/foot.hbs': '\n{{shop}}',
      'b.ejs': '<%- include("toe", { size: 1 }) %>',
      'partials/toe.ejs': '<%= size %><%= shop %>',
    });
    const templates = folder.templates();

    const inHandlebars = await refusalOf(templates.render('a', {}));
    const inEjs = await refusalOf(templates.render('b', {}));

    expect(inHandlebars).toMatchObject({
      file: 'partials/foot.hbs',
      variable: 'shop',
    });
    expect(inEjs).toMatchObject({
      file: 'partials/toe.ejs',
      variable: 'shop',
    });
  });

  it('may be asked for by a condition, and may be null', async () => {
    folder.write({
      'a.hbs': '{{#if gone}}x{{else}}y{{/if}}{{#each gone}}z{{/each}}{{none}}',
      'b.ejs': '<%= none %>.',
    });
    const templates = folder.templates();

    expect((await templates.render('a', { none: null })).html).toBe('y');
    expect((await templates.render('b', { none: null })).html).toBe('.');
  });
});

describe('an error', () => {
  it.each([
    ['a.ejs', '<% throw new Error(secret) %>'],
    ['a.ejs', '<% throw new Error(`x\\n    at ${secret}`) %>'],
    [
      'a.ejs',
      '<% throw Object.assign(new Error(), { name: secret, code: secret }) %>',
    ],
    ['a.ejs', '<% throw secret %>'],
    ['a.ejs', '<%= ({})[secret].x %>'],
    ['a.hbs', '{{fail secret}}'],
    ['a.pug', 'p= fail(secret)'],
    ['a.njk', '{{ fail(secret) }}'],
  ])('shows no value of the context: %s %s', async (file, text) => {
    folder.write({ [file]: text });
    const fail = (value: string): never => {
      throw new TypeError(`Cannot use ${value}`);
    };
    const { handlebars } = await import('nestjs-sendgrid-smtp/templates');
    const engines = {
      hbs: handlebars({ helpers: { fail } }),
      pug: pugEngine,
      njk: nunjucksEngine,
    };

    const context = { secret: SECRET, fail };
    const error = await refusalOf(
      folder.templates({ engines }).render('a', context),
    );

    expect(error.file).toBe(file);
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });
});
