import { renderFault } from '../faults.js';
import type {
  CompiledTemplate,
  TemplateEngine,
  TemplateSource,
} from '../template-engine.js';
import { partialNames, type SyntaxNode } from './handlebars-partials.js';
import { loadPartials } from './load-partials.js';
import { defaultOf, loadPeer } from './load-peer.js';

/** What {@link handlebars} takes. */
export interface HandlebarsOptions {
  /** Helpers by name, as `Handlebars.registerHelper` takes them. */
  readonly helpers?:
    Readonly<Record<string, (...given: never[]) => unknown>> | undefined;

  /**
   * Whether a variable that the context does not have is an error. `{{#if x}}`
   * and `{{#each x}}` may ask for any in either case.
   *
   * @defaultValue true
   */
  readonly strict?: boolean | undefined;
}

type Template = (context: unknown, options?: object) => string;

/** What of Handlebars is used. */
interface Handlebars {
  create(): Handlebars;
  registerHelper(helpers: object): void;
  parse(text: string): SyntaxNode;
  precompile(text: string, options: object): unknown;
  compile(text: string, options: object): Template;
}

// Given in so many words, Handlebars does not write a warning for each.
const OWN_PROPERTIES_ONLY = {
  allowProtoPropertiesByDefault: false,
  allowProtoMethodsByDefault: false,
};

/**
 * Handlebars: `{{name}}` is escaped in html, `{{> footer}}` is a partial.
 * Inherited properties and methods are not seen. Needs the package handlebars.
 */
export function handlebars({
  helpers = {},
  strict = true,
}: HandlebarsOptions = {}): TemplateEngine {
  let loading: Promise<Handlebars> | undefined;
  return async (source) => {
    loading ??= open(helpers);
    const engine = await loading;
    const partials = await loadPartials(source, ({ text }) =>
      partialNames(engine.parse(text)),
    );
    const compile = (from: TemplateSource): Template =>
      guarded(compileOne(engine, from, strict), from);
    const compiled = compile(source);
    const options = {
      ...OWN_PROPERTIES_ONLY,
      partials: Object.fromEntries(
        Array.from(partials, ([name, partial]) => [name, compile(partial)]),
      ),
    };
    const render: CompiledTemplate = (context) => compiled(context, options);
    return render;
  };
}

async function open(helpers: object): Promise<Handlebars> {
  const module = await loadPeer('handlebars', () => import('handlebars'));
  const exported: unknown = defaultOf(module);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the part of its interface that is used
  const engine = (exported as Handlebars).create();
  engine.registerHelper(helpers);
  return engine;
}

/** What is wrong is told at once: by itself Handlebars compiles when it first writes. */
function compileOne(
  engine: Handlebars,
  { text, part }: TemplateSource,
  strict: boolean,
): Template {
  const options = { strict, noEscape: part !== 'html' };
  engine.precompile(text, options);
  return engine.compile(text, options);
}

/** Names its own file in errors, also where it is a partial. */
function guarded(template: Template, { file }: TemplateSource): Template {
  return (context, options) => {
    try {
      return template(context, options);
    } catch (error) {
      throw renderFault(file, error, {
        line: numberIn(error, 'lineNumber'),
        column: numberIn(error, 'column'),
      });
    }
  };
}

function numberIn(error: unknown, name: string): number | undefined {
  const value: unknown = Reflect.get(Object(error), name);
  return typeof value === 'number' ? value : undefined;
}
