import fc from 'fast-check';
import { createElement } from 'react';
import { reactEmail } from 'nestjs-sendgrid-smtp/templates';
import { describe, expect, it } from 'vitest';

import { liquidEngine, nunjucksEngine, pugEngine } from './adapters.js';
import { ATemplateFolder } from './a-template-folder.js';

const folder = ATemplateFolder.forEach();

const HOSTILE = `</p><script>alert("1")</script><img src=x onerror='y'>&`;

const MJML =
  '<mjml><mj-body><mj-section><mj-column><mj-text>START{{value}}END</mj-text></mj-column></mj-section></mj-body></mjml>';

const ENGINES = { pug: pugEngine, liquid: liquidEngine, njk: nunjucksEngine };

const show = ({ value }: { value: string }): unknown =>
  createElement('p', null, `START${value}END`);

/** One template of html for each engine, which writes `value` between two words. */
const HTML: Readonly<Record<string, string>> = {
  'a.hbs': '<p>START{{value}}END</p>',
  'b.ejs': '<p>START<%= value %>END</p>',
  'c.mjml': MJML,
  'd.pug': 'p START#{value}END',
  'e.liquid': '<p>START{{ value }}END</p>',
  'f.njk': '<p>START{{ value }}END</p>',
};

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;

async function htmlOf(name: string, value: string): Promise<string> {
  const templates = folder.templates({
    engines: ENGINES,
    cacheMs: Infinity,
    resolver: reactEmail({ g: show }),
  });
  const { html = '' } = await templates.render(name, { value });
  const [, between] = /START([\s\S]*)END/.exec(html) ?? [];
  if (between === undefined) throw new Error('The template wrote no value');
  return between;
}

function unescaped(html: string): string {
  const entities = new Map([
    ['&lt;', '<'],
    ['&gt;', '>'],
    ['&quot;', '"'],
    ['&amp;', '&'],
  ]);
  return html
    .replace(/&#(x?)([\da-f]+);/gi, (_, hex, digits) =>
      String.fromCodePoint(Number.parseInt(digits, hex === '' ? 10 : 16)),
    )
    .replace(/&(?:lt|gt|quot|amp);/g, (entity) => entities.get(entity) ?? '');
}

describe('a value in html', () => {
  it.each(NAMES)('is escaped by the engine of %s', async (name) => {
    folder.write(HTML);

    const html = await htmlOf(name, HOSTILE);

    expect(html).not.toMatch(/[<>]/);
    expect(unescaped(html)).toBe(HOSTILE);
  });

  it('never opens a tag, nor ends an attribute, whatever it is', async () => {
    folder.write({
      'a.hbs': '<a title="START{{value}}END">x</a>',
      'b.ejs': '<a title="START<%= value %>END">x</a>',
      'e.liquid': '<a title="START{{ value }}END">x</a>',
      'f.njk': '<a title="START{{ value }}END">x</a>',
    });
    const value = fc.stringMatching(/^[<>"'&;a-z=/{}%# ]*$/);

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('a', 'b', 'e', 'f'),
        value,
        async (name, hostile) => {
          expect(await htmlOf(name, hostile)).not.toMatch(/[<>"']/);
        },
      ),
    );
  });

  it('is escaped in a partial and in a layout, but the body is not again', async () => {
    folder.write({
      'a.hbs': '<p>{{> note}}</p>',
      'partials/note.hbs': '{{value}}',
      'main.hbs': '<h1>{{value}}</h1>{{{body}}}',
      'b.ejs': '<p><%- include("word") %></p>',
      'partials/word.ejs': '<%= value %>',
    });
    const templates = folder.templates({ layout: 'main' });

    const { html } = await templates.render('a', { value: '<i>' });

    expect(html).toBe('<h1>&lt;i&gt;</h1><p>&lt;i&gt;</p>');
    expect((await templates.render('b', { value: '<i>' })).html).toBe(
      '<h1>&lt;i&gt;</h1><p>&lt;i&gt;</p>',
    );
  });
});

describe('a value in text and subject', () => {
  it.each(['hbs', 'ejs', 'liquid', 'njk'])(
    'stays as it is with %s',
    async (engine) => {
      const variable = engine === 'ejs' ? '<%= value %>' : '{{ value }}';
      folder.write({
        [`a.text.${engine}`]: `Hi ${variable}`,
        [`a.subject.${engine}`]: `For ${variable}`,
      });
      const templates = folder.templates({ engines: ENGINES });

      const rendered = await templates.render('a', { value: `<b>&"'` });

      expect(rendered).toMatchObject({
        text: `Hi <b>&"'`,
        subject: `For <b>&"'`,
      });
    },
  );

  it.each(['\r\n', '\n', '\r', '\u2028', '\u0085', '\v', ' \r\n\t '])(
    'adds no line to a subject with %j',
    async (lineBreak) => {
      folder.write({ 'a.subject.hbs': 'For {{value}}\n' });

      const value = `Ada${lineBreak}Bcc: eve@example.net`;
      const { subject } = await folder.templates().render('a', { value });

      expect(subject).toBe('For Ada Bcc: eve@example.net');
    },
  );
});

describe('a context', () => {
  it('lends no inherited property to Handlebars', async () => {
    folder.write({
      'a.hbs': '{{#if constructor}}{{constructor.name}}{{/if}}-{{toString}}',
    });

    const { html } = await folder.templates().render('a', {});

    expect(html).toBe('-');
  });

  it('with names of the engine in it does not switch escaping off', async () => {
    folder.write({
      'a.ejs': '<%= value %>',
      'a.subject.hbs': '{{value}}',
      'b.hbs': '{{value}}',
    });
    const context: object = JSON.parse(
      '{"value":"<b>","escapeFn":null,"noEscape":true,"__proto__":{"x":1},"settings":{"view options":{"escape":null}},"helpers":{},"partials":{}}',
    );
    const templates = folder.templates();

    expect((await templates.render('b', context)).html).toBe('&lt;b&gt;');
    await expect(templates.render('a', context)).rejects.toThrow(/`a.ejs`/);
  });
});
