import { renderFault, textOf, UndefinedValueError } from '../faults.js';
import type {
  CompiledTemplate,
  TemplateEngine,
  TemplateSource,
} from '../template-engine.js';
import { TemplateError } from '../template.error.js';
import { loadPartials } from './load-partials.js';
import { defaultOf, loadPeer } from './load-peer.js';

const INCLUDE = /\binclude\s*\(\s*(['"`])([^'"`]+)\1/g;

type Include = (name: string, more?: object) => string;
type Rethrow = (
  error: unknown,
  text: string,
  file: string,
  line: number,
) => never;

/** A template compiled for use without EJS around it. */
type Template = (
  context: object,
  escape: (value: unknown) => string,
  include: Include,
  rethrow: Rethrow,
) => string;

/** What of EJS is used. */
interface Ejs {
  compile(text: string, options: object): Template;
  escapeXML(value: unknown): string;
}

/**
 * EJS: `<%= name %>` is escaped in html, `<%- include('footer') %>` is a
 * partial, named in so many words. A template is JavaScript that may do
 * anything. Needs the package ejs.
 */
export function ejs(): TemplateEngine {
  return async (source) => {
    const engine = await open();
    const partials = await loadPartials(source, ({ text }) =>
      Array.from(text.matchAll(INCLUDE), ([, , name = '']) => name),
    );
    const compiled = new Map(
      Array.from(partials, ([name, partial]) => [
        name,
        { partial, template: compileOne(engine, partial) },
      ]),
    );
    const main = compileOne(engine, source);
    const run = (template: Template, from: TemplateSource): CompiledText => {
      const include = (context: object): Include => {
        return (name, more) => {
          const found = compiled.get(name);
          if (found === undefined) throw unknownInclude(from.file, name);
          const inner = { ...context, ...more };
          return run(found.template, found.partial)(inner);
        };
      };
      const escape = escapeOf(engine, from);
      return (context) =>
        template(bare(context), escape, include(context), rethrowIn(from));
    };
    const render: CompiledTemplate = run(main, source);
    return render;
  };
}

type CompiledText = (context: object) => string;

async function open(): Promise<Ejs> {
  const module = await loadPeer('ejs', () => import('ejs'));
  const exported: unknown = defaultOf(module);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the part of its interface that is used
  return exported as Ejs;
}

function compileOne(engine: Ejs, { text, file }: TemplateSource): Template {
  try {
    return engine.compile(text, { client: true, compileDebug: true });
  } catch (error) {
    // What follows advises on other tools.
    const [problem = ''] = textOf(error).split('\n');
    const shown = problem.replace(/(?: in \S+)? while compiling ejs$/, '');
    throw new TemplateError(
      [{ file, problem: `cannot be compiled: ${shown}` }],
      { cause: error },
    );
  }
}

/** Only its own properties are variables. */
function bare(context: object): object {
  return Object.assign(Object.create(null), context);
}

function escapeOf(
  engine: Ejs,
  { part }: TemplateSource,
): (value: unknown) => string {
  return (value) => {
    if (value === undefined) throw new UndefinedValueError();
    // oxlint-disable-next-line typescript/no-base-to-string -- what the context holds is the application's, and shown as it shows itself
    return part === 'html' ? engine.escapeXML(value) : String(value ?? '');
  };
}

function rethrowIn({ file }: TemplateSource): Rethrow {
  return (error, _text, _name, line) => {
    throw renderFault(file, error, { line });
  };
}

function unknownInclude(file: string, name: string): TemplateError {
  const problem = `includes a partial by a name that is made as it writes, ${JSON.stringify(name.slice(0, 40))}: write the name out`;
  return new TemplateError([{ file, problem }]);
}
