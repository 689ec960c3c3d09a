import { createTemplates, reactEmail } from 'nestjs-sendgrid-smtp/templates';
import { describe, expect, it } from 'vitest';

import { ATemplateFolder, refusalOf } from './a-template-folder.js';

const folder = ATemplateFolder.forEach();

describe('verify', () => {
  it('names every broken file, of every locale and part', async () => {
    folder.write({
      'fine.hbs': '{{> foot}}',
      'partials/foot.hbs': 'x',
      'partials/unused.mjml': '<mj-text>no document</mj-text>',
      'de/partials/foot.hbs': '{{/if}}',
      'de/fine.hbs': '{{> foot}}',
      'html.hbs': '{{#if',
      'late.hbs': '{{> foot one two}}',
      'text.hbs': 'x',
      'text.text.ejs': '<% if ( %>',
      'subject.hbs': 'x',
      'subject.subject.hbs': '{{',
      'account/mail.mjml': '<mjml><mj-body><mj-none /></mj-body></mjml>',
      'other.txt': '{{#if',
    });

    const error = await refusalOf(folder.templates().verify());

    const files = error.problems.map(({ file }) => file);
    expect(files.toSorted()).toEqual([
      'account/mail.mjml',
      'de/fine.hbs',
      'html.hbs',
      'late.hbs',
      'subject.subject.hbs',
      'text.text.ejs',
    ]);
    for (const file of files) expect(error.message).toContain(`\`${file}\``);
  });

  it('names what is at fault for many once', async () => {
    folder.write({ 'a.hbs': 'a', 'b.hbs': 'b', 'main.hbs': '{{/if}}' });

    const error = await refusalOf(
      folder.templates({ layout: 'main' }).verify(),
    );

    expect(error.problems.map(({ file }) => file)).toEqual(['main.hbs']);
  });

  it('passes where all is well, and asks a resolver for its list', async () => {
    folder.write({
      'a.hbs': '{{name}}',
      'de/a.mjml': '<mjml><mj-body></mj-body></mjml>',
    });
    const component = (): string => 'x';

    await folder
      .templates({
        text: 'from-html',
        inlineCss: true,
        resolver: reactEmail({ r: component }),
      })
      .verify();
    const resolver = {
      resolve: (name: string) => ({
        html: { source: '{{#if', engine: 'hbs', file: `row ${name}` },
      }),
      list: async () => [{ name: 'one' }, { name: 'two', locale: 'de' }],
    };
    const error = await refusalOf(createTemplates({ resolver }).verify());

    expect(error.problems.map(({ file }) => file)).toEqual([
      'row one',
      'row two',
    ]);
  });
});
