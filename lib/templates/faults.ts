import { isMailError } from '../errors/mail-error.js';
import { TemplateError } from './template.error.js';

/** What engines say of a variable that is not there, each with its name. */
const MISSING = [
  // Handlebars; what follows may be a value.
  /^"([^"]*)" not defined in /,
  /^Cannot use 'in' operator to search for '([^']*)' in /,
  // JavaScript in templates.
  /^([\p{ID_Start}$_][\p{ID_Continue}$]*) is not defined$/u,
  /^Cannot read properties of (?:undefined|null) \(reading '([\p{ID_Continue}$]+)'\)$/u,
  // Liquid.
  /^undefined variable: ([\w.-]+)/,
] as const;

/** A value that a template writes is `undefined`, and its name is not known. */
export class UndefinedValueError extends Error {
  override readonly name = 'UndefinedValueError';
}

/** Where in a file. */
export interface Position {
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** What an engine threw as it compiled `file`, when no context was there yet. */
export function compileFault(file: string, error: unknown): Error {
  if (isMailError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  const problem = `cannot be compiled: ${text.trim()}`;
  return new TemplateError([{ file, problem }], { cause: error });
}

/** What a template threw as it wrote: its text may hold values, so it is not shown. */
export function renderFault(
  file: string,
  error: unknown,
  position: Position = {},
): Error {
  if (isMailError(error)) return error;
  const variable = missingVariable(error);
  const problem = `${whatOf(error, variable)}${placeOf(position)}`;
  const cause = framesOf(error);
  return new TemplateError([{ file, problem, variable }], { cause });
}

function whatOf(error: unknown, variable: string | undefined): string {
  if (variable !== undefined) {
    return `needs \`${variable}\`, which the context does not have`;
  }
  if (error instanceof UndefinedValueError) {
    return 'writes a value that is undefined';
  }
  const kind = error instanceof Error ? error.name : 'something thrown';
  return `failed with ${kind}; see \`cause\` for where`;
}

function missingVariable(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Some engines show lines of the template first.
  const text = error.message.split('\n\n').at(-1) ?? '';
  const [found] = MISSING.flatMap((pattern) => pattern.exec(text)?.[1] ?? []);
  return found;
}

function placeOf({ line, column }: Position): string {
  if (line === undefined) return '';
  return column === undefined
    ? ` (line ${line})`
    : ` (line ${line}, column ${column + 1})`;
}

/** An error that shows where it came from, and not what it said. */
function framesOf(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const frames = error.stack?.match(/^ {4}at .*$/gm) ?? [];
  const bare = new Error(error.name);
  bare.stack = [error.name, ...frames].join('\n');
  return bare;
}
