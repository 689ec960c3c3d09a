import { textOf } from '../faults.js';
import type { TemplateEngine, TemplateSource } from '../template-engine.js';
import { TemplateError } from '../template.error.js';
import { handlebars } from './handlebars.js';
import { defaultOf, loadPeer } from './load-peer.js';

const INCLUDE = /<mj-include\b([^>]*?)(?:\/>|>\s*<\/mj-include\s*>)/g;

/** What {@link mjml} takes. */
export interface MjmlOptions {
  /**
   * Whose tags stand in the MJML.
   *
   * @defaultValue `handlebars()`
   */
  readonly engine?: TemplateEngine | undefined;
}

/** What of MJML is used: version 4 answers at once, version 5 later. */
type Mjml = (
  text: string,
  options: object,
) => { readonly html: string } | Promise<{ readonly html: string }>;

/**
 * MJML, which is turned into HTML once, with the tags of another engine in it.
 * `<mj-include path="header" />` is a partial; what goes around MJML's own
 * elements, such as `{{#each}}`, stands in `<mj-raw>`. Needs the package mjml,
 * and that of the other engine.
 */
export function mjml({
  engine = handlebars(),
}: MjmlOptions = {}): TemplateEngine {
  const compile: TemplateEngine = async (source) => {
    const module = await loadPeer('mjml', loadMjml);
    const whole = await withIncludes(source);
    const text = await htmlOf(defaultOf(module), whole, source.file);
    return engine({ ...source, text });
  };
  return Object.assign(compile, { wholeDocument: true });
}

async function loadMjml(): Promise<{ default: Mjml }> {
  // @ts-expect-error -- the package has no types
  const module: unknown = await import('mjml');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the part of its interface that is used
  return module as { default: Mjml };
}

async function htmlOf(
  toHtml: Mjml,
  text: string,
  file: string,
): Promise<string> {
  try {
    const options = { validationLevel: 'strict', ignoreIncludes: true };
    return (await toHtml(text, options)).html;
  } catch (cause) {
    const problem = `cannot be compiled: ${problemsIn(cause)}`;
    throw new TemplateError([{ file, problem }], { cause });
  }
}

/** MJML names the working directory in its own text. */
function problemsIn(error: unknown): string {
  const errors: unknown = Reflect.get(Object(error), 'errors');
  const problems = (Array.isArray(errors) ? errors : []).map((one: unknown) => {
    const line: unknown = Reflect.get(Object(one), 'line');
    const message: unknown = Reflect.get(Object(one), 'message');
    return `${String(message)} (line ${String(line)})`;
  });
  if (problems.length > 0) return problems.join('; ');
  return textOf(error);
}

/** MJML's own includes would read any file. */
async function withIncludes(
  source: TemplateSource,
  above: readonly string[] = [],
): Promise<string> {
  const { text, file } = source;
  if (above.includes(file)) throw fault(file, 'is included by itself');
  const around = [...above, file];
  const texts = await Promise.all(
    Array.from(text.matchAll(INCLUDE), async ([, attributes = '']) => {
      const partial = await source.partial(pathIn(attributes, file));
      return withIncludes(partial, around);
    }),
  );
  return text.replaceAll(INCLUDE, () => texts.shift() ?? '');
}

function pathIn(attributes: string, file: string): string {
  const path = /^\s*path\s*=\s*(?:"([^"]*)"|'([^']*)')\s*$/.exec(attributes);
  const name = path?.[1] ?? path?.[2];
  if (name === undefined) {
    throw fault(file, 'has an `mj-include` with other than a `path` of MJML');
  }
  return name;
}

function fault(file: string, problem: string): TemplateError {
  return new TemplateError([{ file, problem }]);
}
