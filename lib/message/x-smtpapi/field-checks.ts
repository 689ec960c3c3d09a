import { excerpt, invalidMessage } from '../invalid-message.js';

/** The refusal of a field, which is named by its path. */
export function refused(path: string, problem: string): Error {
  return invalidMessage(`\`${path}\` ${problem}`);
}

/** The path of a name that may be anything. */
export function pathTo(path: string, name: string): string {
  return `${path}.${excerpt(name).slice(1, -1)}`;
}

/** The own entries of an object that is no list; `undefined` is absent. */
export function entriesOf(
  value: unknown,
  path: string,
): readonly (readonly [string, unknown])[] {
  if (Object.prototype.toString.call(value) !== '[object Object]') {
    throw refused(path, 'must be an object.');
  }
  return Object.entries(Object(value)).filter(
    ([, entry]) => entry !== undefined,
  );
}

export function textOf(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw refused(path, 'must be a string.');
}

export function booleanOf(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw refused(path, 'must be `true` or `false`.');
}

export function listOf(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw refused(path, 'must be a list.');
}

/** A whole number above 0, as SendGrid's ids are. */
export function idOf(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) {
    return value;
  }
  throw refused(path, 'must be a positive integer.');
}
