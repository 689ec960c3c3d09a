import { types } from 'node:util';
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
  const problem = `cannot be compiled: ${textOf(error).trim()}`;
  return new TemplateError([{ file, problem }], { cause: error });
}

/**
 * Whether something thrown is an error, also of another realm: jest gives each
 * test its own, and what comes from Node.js is of none of them.
 */
export function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || thrown instanceof Error;
}

/** What something thrown says. */
export function textOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
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
  return `failed with ${kindOf(error)}; see \`cause\` for where`;
}

/** Name and code, where these are words. */
function kindOf(error: unknown): string {
  if (!isError(error)) return 'something thrown';
  const name = /^\w{1,60}$/.test(error.name) ? error.name : 'an error';
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' && /^E[A-Z\d_]{1,60}$/.test(code)
    ? `${name} (${code})`
    : name;
}

function missingVariable(error: unknown): string | undefined {
  if (!isError(error)) return undefined;
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
  if (!isError(error)) return undefined;
  const { message, stack = '' } = error;
  const said = stack.lastIndexOf(message);
  // What it said may look like frames, so these are read from behind it.
  const behind = said === -1 ? '' : stack.slice(said + message.length);
  const frames = behind.match(/^ {4}at .*$/gm) ?? [];
  const bare = new Error(kindOf(error));
  bare.stack = [bare.message, ...frames].join('\n');
  return bare;
}
