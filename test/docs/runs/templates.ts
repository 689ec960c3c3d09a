import type { Type } from '@nestjs/common';
import type { MailService } from 'nestjs-sendgrid-smtp';
import type { Templates } from 'nestjs-sendgrid-smtp/templates';
import { expect } from 'vitest';

import { inFolderOf } from '../support/in-folder.js';
import type { Runs } from '../support/run.js';
import { start } from '../support/start.js';

const ADA = { name: '<Ada>' };

export const TEMPLATES: Runs = {
  AppModule: async (load) => {
    inFolderOf({
      'templates/welcome.hbs': 'none',
      'templates/de/welcome.hbs':
        '<p>Hallo {{name}}, <a href="{{link}}">los</a></p>{{> footer}}',
      'templates/de/welcome.subject.hbs': 'Willkommen, {{name}}',
      'templates/layouts/main.hbs':
        '<html><style>p{color:red}</style><body>{{{body}}}</body></html>',
      'templates/partials/footer.hbs': '<p>Bye</p>',
      'templates/de/partials/footer.hbs': '<p>Bis bald</p>',
    });
    const { AppModule, welcome } = await load<{
      AppModule: Type;
      welcome: (mail: MailService) => Promise<void>;
    }>();
    const { mail, captured } = await start({ imports: [AppModule] });

    await welcome(mail);

    expect(captured().sent()).toMatchObject([
      {
        subject: 'Willkommen, Ada',
        text: 'Hallo Ada, los [https://shop.example/start]\n\nBis bald',
        html: expect.stringContaining('<p style="color: red;">Hallo Ada'),
      },
    ]);
  },
  everyTemplateCompiles: async (load) => {
    inFolderOf({ 'templates/broken.hbs': '{{#if' });
    const { everyTemplateCompiles } = await load<{
      everyTemplateCompiles: () => Promise<void>;
    }>();

    await expect(everyTemplateCompiles()).rejects.toThrow(/`broken\.hbs`/);
  },
  reactTemplates: async (load) => {
    const { reactTemplates } = await load<{ reactTemplates: Templates }>();
    const german = { locale: 'de' };

    expect(await reactTemplates.render('welcome', ADA)).toMatchObject({
      subject: 'Welcome, <Ada>',
      html: expect.stringContaining('Hello <!-- -->&lt;Ada&gt;'),
      text: 'Hello <Ada>',
    });
    expect(await reactTemplates.render('welcome', ADA, german)).toMatchObject({
      subject: 'Willkommen',
    });
  },
  storedTemplates: async (load) => {
    const { storedTemplates } = await load<{
      storedTemplates: (rows: object) => Templates;
    }>();
    const row = { subject: 'For {{name}}', html: '<p>{{name}}{{zip}}</p>' };
    const find = (name: string, locale?: string): Promise<object | undefined> =>
      Promise.resolve(locale === 'de' && name === 'order' ? row : undefined);
    const templates = storedTemplates({ find });
    const german = { locale: 'de-AT' };

    const order = templates.render('order', { ...ADA, zip: 1 }, german);
    await expect(order).resolves.toMatchObject({
      subject: 'For <Ada>',
      html: '<p>&lt;Ada&gt;1</p>',
    });
    await expect(templates.render('order', ADA, german)).rejects.toMatchObject({
      file: 'mails/order',
      variable: 'zip',
    });
  },
  otherEngines: async (load) => {
    inFolderOf({
      'templates/a.pug': 'p Hi #{name}',
      'templates/b.liquid': '<p>Hi {{ name }}</p>',
      'templates/c.njk': '<p>Hi {{ name }}</p>',
    });
    const { otherEngines } = await load<{ otherEngines: Templates }>();
    const names = ['a', 'b', 'c'];

    const written = await Promise.all(
      names.map((name) => otherEngines.render(name, ADA)),
    );

    expect(written.map(({ html }) => html)).toEqual(
      names.map(() => '<p>Hi &lt;Ada&gt;</p>'),
    );
  },
};
