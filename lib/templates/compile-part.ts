import { compileFault, renderFault } from './faults.js';
import type {
  CompiledTemplate,
  TemplateEngine,
  TemplatePart,
  TemplateSource,
} from './template-engine.js';
import type { TemplateText } from './template-resolver.js';
import { TemplateError } from './template.error.js';

/** Engines by the names that templates give them. */
export type Engines = Readonly<Record<string, TemplateEngine>>;

/** One part of a template, ready to write. */
export interface CompiledPart {
  readonly write: (context: object) => Promise<string>;

  /** Whether it is no layout's business. */
  readonly isWhole: boolean;
}

/** Whose part it is. */
export interface PartOwner {
  /** Names of template and locale, for a part that has no file. */
  readonly name: string;
  readonly part: TemplatePart;

  /** The partial of that name, for the file that names it. */
  readonly partial: (name: string, file: string) => Promise<TemplateSource>;
}

/**
 * Compiles a part as its engine does. A part that is a function is ready.
 *
 * @throws TemplateError naming its file
 */
export async function compilePart(
  found: TemplateText | CompiledTemplate,
  owner: PartOwner,
  engines: Engines,
): Promise<CompiledPart> {
  if (typeof found === 'function') {
    return { write: writing(found, owner.name), isWhole: true };
  }
  const source = sourceOf(found, owner);
  const engine = engineOf(found.engine, source.file, engines);
  try {
    const compiled = await engine(source);
    const isWhole = engine.wholeDocument === true;
    return { write: writing(compiled, source.file), isWhole };
  } catch (error) {
    throw compileFault(source.file, error);
  }
}

/**
 * A part as written, for an engine.
 *
 * @throws TemplateError for what is no text: engines may run a syntax tree
 */
export function sourceOf(
  { source, file }: TemplateText,
  { name, part, partial }: PartOwner,
): TemplateSource {
  const shown = file ?? (part === 'html' ? name : `${name}.${part}`);
  if (typeof source !== 'string') {
    const problem = 'is no text: a part has `source` and `engine`, each a text';
    throw new TemplateError([{ file: shown, problem }]);
  }
  return {
    file: shown,
    part,
    text: source,
    partial: (asked) => partial(asked, shown),
  };
}

function writing(
  compiled: CompiledTemplate,
  file: string,
): CompiledPart['write'] {
  return async (context) => {
    let written: unknown;
    try {
      written = await compiled(context);
    } catch (error) {
      throw renderFault(file, error);
    }
    if (typeof written === 'string') return written;
    throw new TemplateError([{ file, problem: 'gave no text' }]);
  };
}

function engineOf(
  name: string,
  file: string,
  engines: Engines,
): TemplateEngine {
  const engine = Object.hasOwn(engines, name) ? engines[name] : undefined;
  if (engine !== undefined) return engine;
  const known = Object.keys(engines).join(', ');
  const problem = `is for the engine ${JSON.stringify(name)}, which is none of \`engines\` (${known})`;
  throw new TemplateError([{ file, problem }]);
}
