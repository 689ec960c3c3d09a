import { EjsAdapter } from '@nestjs-modules/mailer/adapters/ejs.adapter';
import { HandlebarsAdapter } from '@nestjs-modules/mailer/adapters/handlebars.adapter';
import type { MailerOptions } from 'nestjs-sendgrid-smtp/compat';

type Template = NonNullable<MailerOptions['template']>;

/** The adapters of @nestjs-modules/mailer, as its documentation uses them. */
export const TEMPLATES: Readonly<Record<string, Template>> = {
  handlebars: {
    dir: 'templates',
    adapter: new HandlebarsAdapter(),
    options: { strict: true },
  },
  ejs: { dir: 'templates', adapter: new EjsAdapter() },
};
