import { Liquid } from 'liquidjs';
import nunjucks from 'nunjucks';
import pug from 'pug';
import type { TemplateEngine } from 'nestjs-sendgrid-smtp/templates';

/** Pug, as `docs/templates.md` shows it. */
export const pugEngine: TemplateEngine = ({ text, file }) =>
  pug.compile(text, { filename: file });

/** Liquid, as `docs/templates.md` shows it. */
export const liquidEngine: TemplateEngine = ({ text, part }) => {
  const engine = new Liquid({
    strictVariables: true,
    templates: {},
    ...(part === 'html' && { outputEscape: 'escape' }),
  });
  const parsed = engine.parse(text);
  return (context) => engine.render(parsed, context);
};

/** Nunjucks, as `docs/templates.md` shows it. */
export const nunjucksEngine: TemplateEngine = ({ text, file, part }) => {
  const autoescape = part === 'html';
  const options = { autoescape, throwOnUndefined: true };
  const template = new nunjucks.Template(
    text,
    new nunjucks.Environment([], options),
    file,
    true,
  );
  return (context) => template.render(context);
};
