import { createElement } from 'react';
import {
  createTemplates,
  reactEmail,
  TemplateError,
  type FoundTemplate,
} from 'nestjs-sendgrid-smtp/templates';
import { describe, expect, it } from 'vitest';

import { liquidEngine, nunjucksEngine, pugEngine } from './adapters.js';
import { ATemplateFolder, refusalOf } from './a-template-folder.js';

const folder = ATemplateFolder.forEach();

describe('plain text', () => {
  const html =
    '<h1>Hello</h1><p>See <a href="https://shop.example/x">our shop</a> &amp; more</p><img src="cid:logo" alt="Logo">';

  it('is made of the html by default', async () => {
    folder.write({ 'a.hbs': html });

    const { text } = await folder
      .templates({ text: undefined })
      .render('a', {});

    expect(text).toBe('Hello\n\nSee our shop [https://shop.example/x] & more');
  });

  it('is that of the template where it has one', async () => {
    folder.write({ 'a.hbs': html, 'a.text.hbs': 'Written' });

    const { text } = await folder
      .templates({ text: 'from-html' })
      .render('a', {});

    expect(text).toBe('Written');
  });

  it('is made by a function, or not at all', async () => {
    folder.write({ 'a.hbs': 'x' });
    const text = (from: string): string => `text of ${from}`;

    expect(await folder.templates({ text }).render('a', {})).toMatchObject({
      text: 'text of x',
    });
    expect((await folder.templates().render('a', {})).text).toBeUndefined();
  });

  it('may be all that there is', async () => {
    folder.write({ 'a.text.hbs': 'Only {{name}}' });

    const rendered = await folder.templates().render('a', { name: 'Ada' });

    expect(rendered.text).toBe('Only Ada');
    expect(rendered.html).toBeUndefined();
  });
});

describe('inlineCss', () => {
  it('puts rules into attributes, keeps media queries, fetches nothing', async () => {
    folder.write({
      'a.hbs':
        '<html><head><style>p { color: red } @media print { p { color: blue } }</style><link rel="stylesheet" href="http://127.0.0.1:1/x.css"></head><body><p>{{name}}</p></body></html>',
    });

    const templates = folder.templates({ inlineCss: true });
    const { html } = await templates.render('a', { name: '<i>' });

    expect(html).toContain('<p style="color: red;">&lt;i&gt;</p>');
    expect(html).toContain('@media print');
  });
});

describe('a layout', () => {
  it('is put around html and text, each by its own part', async () => {
    folder.write({
      'a.hbs': 'html {{x}}',
      'a.text.hbs': 'text {{x}}',
      'a.subject.hbs': 'subject {{x}}',
      'layouts/main.hbs': '<body>{{{body}}}-{{x}}</body>',
      'layouts/main.text.hbs': '{{body}}\n--\n{{x}}',
      'b.ejs': 'b',
      'c.hbs': 'c',
    });
    const templates = folder.templates({
      layout: (name) => (name === 'c' ? undefined : 'layouts/main'),
    });

    expect(await templates.render('a', { x: '&' })).toMatchObject({
      html: '<body>html &amp;-&amp;</body>',
      text: 'text &\n--\n&',
      subject: 'subject &',
    });
    expect((await templates.render('b', { x: 1 })).html).toBe(
      '<body>b-1</body>',
    );
    expect((await templates.render('c', {})).html).toBe('c');
  });

  it('is not for whole documents', async () => {
    folder.write({
      'a.mjml': '<mjml><mj-body></mj-body></mjml>',
      'main.hbs': 'LAYOUT {{{body}}}',
    });
    const templates = folder.templates({
      layout: 'main',
      resolver: reactEmail({ r: () => createElement('p') }),
    });

    expect((await templates.render('a', {})).html).not.toContain('LAYOUT');
    expect((await templates.render('r', {})).html).not.toContain('LAYOUT');
  });

  it('can be Handlebars’ own, by a block', async () => {
    folder.write({
      'a.hbs': '{{#> frame title="T"}}in {{x}}{{/frame}}',
      'partials/frame.hbs': '<h1>{{title}}</h1>{{> @partial-block}}',
      'b.hbs': '{{#*inline "own"}}o{{/inline}}{{> own}}',
    });
    const templates = folder.templates();

    expect((await templates.render('a', { x: '<' })).html).toBe(
      '<h1>T</h1>in &lt;',
    );
    expect((await templates.render('b', {})).html).toBe('o');
  });
});

describe('partials', () => {
  it('may name themselves and one another', async () => {
    folder.write({
      'a.hbs': '{{> node}}',
      'partials/node.hbs': '{{value}}{{#each children}}({{> node}}){{/each}}',
    });
    const tree = {
      value: 1,
      children: [{ value: 2, children: [{ value: 3 }] }, { value: 4 }],
    };

    const { html } = await folder.templates().render('a', tree);

    expect(html).toBe('1(2(3))(4)');
  });

  it('may be named as files are', async () => {
    folder.write({
      'a.ejs': '<%- include("./foot.v2.ejs") %><%- include("foot.v2") %>',
      'partials/foot.v2.ejs': 'x',
    });

    expect((await folder.templates().render('a', {})).html).toBe('xx');
  });

  it.each([
    ['b.ejs', '<%- include("loop") %>', 'partials/loop.ejs'],
    [
      'b.mjml',
      '<mjml><mj-body><mj-include path="loop" /></mj-body></mjml>',
      'partials/loop.mjml',
    ],
    ['b.hbs', '{{> loop}}', 'partials/loop.hbs'],
  ])(
    'that never end are an error of their file: %s',
    async (file, text, loop) => {
      const again = text.replace(/<\/?mj(?:ml|-body)>/g, '');
      folder.write({ [file]: text, [loop]: again });

      const error = await refusalOf(folder.templates().render('b', {}));

      expect(error.file).toBe(loop);
    },
  );

  it('of MJML are put in before it is turned into html', async () => {
    folder.write({
      'a.mjml':
        '<mjml><mj-body><mj-include path="./head.mjml"></mj-include><mj-raw>{{#each items}}</mj-raw><mj-section><mj-column><mj-text>Item {{name}}</mj-text></mj-column></mj-section><mj-raw>{{/each}}</mj-raw></mj-body></mjml>',
      'partials/head.mjml':
        '<mj-section><mj-column><mj-button href="https://shop.example/?q={{query}}">{{shop}}</mj-button></mj-column></mj-section>',
    });

    const { html = '' } = await folder.templates().render('a', {
      shop: 'Shop & Co',
      query: '"x"',
      items: [{ name: 'one' }, { name: 'two' }],
    });

    expect(html).toContain('Shop &amp; Co');
    expect(html).toContain('?q=&quot;x&quot;"');
    expect(html).toMatch(/Item one[\s\S]*Item two/);
    expect(html).not.toMatch(/<mj-|\{\{/);
  });
});

describe('reactEmail', () => {
  const Welcome = ({ name }: { name: string }): unknown =>
    createElement('p', { title: name }, 'Hello ', name);

  it('renders components, of locales too, with subject and text', async () => {
    const templates = createTemplates({
      resolver: reactEmail({
        welcome: {
          component: Welcome,
          subject: ({ name }: { name: string }) => `For ${name}`,
          text: ({ name }: { name: string }) => `Hi ${name}`,
        },
        'de/welcome': { component: Welcome, subject: 'Hallo' },
      }),
    });
    const context = { name: '"<Ada>"' };

    const english = await templates.render('welcome', context);
    const german = await templates.render('welcome', context, { locale: 'de' });

    expect(english).toMatchObject({
      subject: 'For "<Ada>"',
      text: 'Hi "<Ada>"',
    });
    expect(english.html).toContain('title="&quot;&lt;Ada&gt;&quot;"');
    expect(german).toMatchObject({ subject: 'Hallo', text: 'Hello "<Ada>"' });
  });

  it('tells what a component throws by its template', async () => {
    const Broken = ({ user }: { user: { name: string } }): unknown =>
      createElement('p', null, user.name);
    const templates = createTemplates({
      resolver: reactEmail({ broken: Broken }),
    });

    const error = await refusalOf(templates.render('broken', {}));

    expect(error).toMatchObject({ file: 'broken', variable: 'name' });
  });
});

describe('an adapter', () => {
  it.each([
    ['a.pug', 'p Hi #{name}', pugEngine, '<p>Hi Ada</p>'],
    ['a.liquid', '<p>Hi {{ name }}</p>', liquidEngine, '<p>Hi Ada</p>'],
    ['a.njk', '<p>Hi {{ name }}</p>', nunjucksEngine, '<p>Hi Ada</p>'],
  ])('is one function: %s', async (file, text, engine, expected) => {
    folder.write({ [file]: text });
    const engines = { [file.split('.')[1] ?? '']: engine };

    const { html } = await folder
      .templates({ engines })
      .render('a', { name: 'Ada' });

    expect(html).toBe(expected);
  });

  it.each([
    ['pug', 'p(', pugEngine],
    ['liquid', '{% if %}', liquidEngine],
    ['njk', '{% if %}', nunjucksEngine],
  ])(
    'that cannot compile, %s, is told at start',
    async (name, text, engine) => {
      folder.write({ [`a.${name}`]: text });

      const error = await refusalOf(
        folder.templates({ engines: { [name]: engine } }).verify(),
      );

      expect(error.file).toBe(`a.${name}`);
    },
  );

  it('gets partials, and has to give text', async () => {
    folder.write({ 'a.raw': 'A', 'partials/p.raw': 'P', 'b.odd': '' });
    const templates = folder.templates({
      engines: {
        raw: async (source) => {
          const { text } = await source.partial('p');
          return () => source.text + text;
        },
        odd: () => () => JSON.parse('7'),
      },
    });

    expect((await templates.render('a', {})).html).toBe('AP');
    expect((await refusalOf(templates.render('b', {}))).message).toContain(
      'gave no text',
    );
  });
});

describe('a resolver', () => {
  it('comes before the directory, and may give attachments', async () => {
    folder.write({ 'a.hbs': 'file', 'b.hbs': 'file' });
    const logo = { filename: 'logo.png', content: 'x', cid: 'logo' };
    const templates = folder.templates({
      resolver: {
        resolve: async (name) =>
          name === 'a'
            ? {
                html: { source: 'row {{x}}', engine: 'hbs' },
                attachments: [logo],
              }
            : undefined,
      },
    });

    const { html, attachments } = await templates.render('a', { x: 1 });

    expect(html).toBe('row 1');
    expect(attachments).toEqual([logo]);
    expect((await templates.render('b', {})).html).toBe('file');
  });

  it.each<[string, object]>([
    ['a text alone', { html: '<p>Hi</p>' }],
    ['a row', { html: { engine: 'hbs' } }],
    [
      'a syntax tree, which could run anything',
      { html: { source: { type: 'Program', body: [] }, engine: 'hbs' } },
    ],
  ])('that gives %s is told so', async (_, found) => {
    const resolver = { resolve: () => found as FoundTemplate };

    const error = await refusalOf(
      createTemplates({ resolver }).render('a', {}),
    );

    expect(error.message).toContain('`a` is no text');
  });

  it('may give null for a part that there is not', async () => {
    const found = { html: { source: 'x', engine: 'hbs' }, subject: null };
    const resolver = { resolve: () => found as unknown as FoundTemplate };

    const templates = createTemplates({ resolver });

    expect(await templates.render('a', {})).toEqual({ html: 'x', text: 'x' });
  });

  it('that names no engine is told so', async () => {
    const resolver = {
      resolve: () => ({ html: { source: '', engine: 'constructor' } }),
    };

    const error = await refusalOf(
      createTemplates({ resolver }).render('a', {}),
    );

    expect(error).toBeInstanceOf(TemplateError);
    expect(error.message).toContain('hbs, ejs, mjml');
  });
});
