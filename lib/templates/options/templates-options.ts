import type { TemplateEngine } from '../template-engine.js';
import type { TemplateResolver } from '../template-resolver.js';

/** What {@link createTemplates} takes. */
export interface TemplatesOptions {
  /**
   * The directory of the templates, absolute or from the working directory:
   * `welcome.hbs` is the html of `welcome`, `welcome.text.hbs` its text,
   * `welcome.subject.hbs` its subject; `de/welcome.hbs` is for the locale `de`.
   * Nothing outside of it is read.
   */
  readonly directory?: string | undefined;

  /** Finds templates elsewhere, and is asked before the directory. */
  readonly resolver?: TemplateResolver | undefined;

  /**
   * Engines by the extension of their files, which is also what a resolver
   * calls them. They add to those of the default, or replace them.
   *
   * @defaultValue `{ hbs: handlebars(), ejs: ejs(), mjml: mjml() }`
   */
  readonly engines?: Readonly<Record<string, TemplateEngine>> | undefined;

  /**
   * Name of the template that all others are put into, as its variable `body`:
   * its html around html, its text around text. Or a function that tells the
   * layout of each. Templates that are whole documents (MJML, React) have none.
   */
  readonly layout?:
    string | ((template: string) => string | undefined) | undefined;

  /**
   * Where partials are: `footer` is the template `partials/footer`.
   *
   * @defaultValue `'partials'`
   */
  readonly partials?: string | undefined;

  /**
   * The locale of messages that name none, and of templates that are not there
   * in the wanted one. After it come those of no locale.
   */
  readonly fallbackLocale?: string | undefined;

  /**
   * Where the plain text comes from when a template has none: from its html, by
   * the package html-to-text or a function of yours, or from nowhere.
   *
   * @defaultValue `'from-html'`
   */
  readonly text?:
    | 'from-html'
    | 'none'
    | ((html: string) => string | Promise<string>)
    | undefined;

  /**
   * Whether rules of `<style>` are put into `style` attributes, by the package
   * @css-inline/css-inline. No stylesheet is fetched.
   *
   * @defaultValue false
   */
  readonly inlineCss?: boolean | undefined;

  /**
   * Milliseconds for which a compiled template is used before it is looked for
   * again; 0 looks at every message, `Infinity` never again.
   *
   * @defaultValue `Infinity` when NODE_ENV is `production`, else 0
   */
  readonly cacheMs?: number | undefined;

  /**
   * Whether every template is compiled at bootstrap, which stops when one is
   * broken.
   *
   * @defaultValue true
   */
  readonly verify?: boolean | undefined;
}
