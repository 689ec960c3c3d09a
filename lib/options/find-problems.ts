import { type ValidationError, Validator } from 'class-validator';

import type { OptionProblem } from '../errors/invalid-options.error.js';
import type { OptionGroup, UnknownName } from './option-group.js';
import { RootOptions } from './root.options.js';
import { shownName, shownValue } from './shown-value.js';
import { unknownNameProblem } from './unknown-name.js';

/** Every problem of the options: unknown names first, then in their order. */
export function findProblems(
  options: RootOptions,
  unknown: readonly UnknownName[],
): OptionProblem[] {
  const given: unknown = options.apiKey;
  const key = typeof given === 'string' ? given.trim() : '';
  return problemsIn(options, unknown, new RootOptions(), key);
}

/**
 * As {@link findProblems}, of any root group.
 *
 * @param known - the same group as it is before it takes anything
 * @param secret - what no problem may print a part of
 */
export function problemsIn(
  options: OptionGroup,
  unknown: readonly UnknownName[],
  known: OptionGroup,
  secret = '',
): OptionProblem[] {
  const errors = new Validator().validateSync(options, {
    validationError: { target: false, value: false },
  });
  return [
    ...unknown.map((one) => ({
      option: [
        ...(one.path === '' ? [] : [one.path]),
        shownName(one.name, secret),
      ].join('.'),
      problem: unknownNameProblem(one, known),
    })),
    ...errors.flatMap((error) => problemsOf(error, options, '', secret)),
  ];
}

function problemsOf(
  error: ValidationError,
  parent: object,
  path: string,
  key: string,
): OptionProblem[] {
  const option = join(path, error.property);
  const value: unknown = Reflect.get(parent, error.property);
  const message = Object.values(error.constraints ?? {})[0];
  if (message !== undefined)
    return [{ option, problem: describe(message, value, key) }];
  return (error.children ?? []).flatMap((child) =>
    problemsOf(child, Object(value), option, key),
  );
}

function describe(message: string, value: unknown, key: string): string {
  return value === null
    ? 'must not be null: leave it out for the default'
    : message.replaceAll('{got}', () => `got ${shownValue(value, key)}`);
}

function join(path: string, name: string): string {
  if (path === '') return name;
  return /^\d+$/.test(name) ? `${path}[${name}]` : `${path}.${name}`;
}
