import { Rule } from './rule.js';

/** What `setTimeout` can wait for, in milliseconds: 2^31 - 1. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** Accepts a whole number within bounds; `source` says who set them. */
export function Whole(
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
  source = '',
): PropertyDecorator {
  const range =
    max === Number.MAX_SAFE_INTEGER
      ? `of at least ${min}`
      : `from ${min} to ${max}`;
  const bounds = source === '' ? range : `${range} (${source})`;
  return Rule((value) => {
    if (typeof value === 'string')
      return `must be a whole number ${bounds}, {got}: convert the string, for example with Number()`;
    const fits = Number.isInteger(value) && Number(value) >= min;
    return fits && Number(value) <= max
      ? undefined
      : `must be a whole number ${bounds}, {got}`;
  });
}

/** Accepts a time limit in whole milliseconds that a timer can hold. */
export function Milliseconds(min = 1): PropertyDecorator {
  return Whole(min, LONGEST_TIMER_MS, 'milliseconds');
}

/** Accepts one of a few words, or a boolean where it is listed. */
export function OneOf(
  ...allowed: readonly (string | boolean)[]
): PropertyDecorator {
  const words = allowed.map((word) => JSON.stringify(word)).join(', ');
  return Rule((value) =>
    allowed.some((word) => word === value)
      ? undefined
      : `must be one of ${words}, {got}`,
  );
}

/** Accepts `true` and `false`. */
export function Flag(): PropertyDecorator {
  return Rule((value) =>
    typeof value === 'boolean' ? undefined : 'must be true or false, {got}',
  );
}

/** Accepts a function. */
export function Callable(): PropertyDecorator {
  return Rule((value) =>
    typeof value === 'function' ? undefined : 'must be a function, {got}',
  );
}

/** Accepts an object with these methods. */
export function Methods(...names: readonly string[]): PropertyDecorator {
  const listed = names.map((name) => `\`${name}\``).join(', ');
  return Rule((value) =>
    names.every(
      (name) => typeof Reflect.get(Object(value), name) === 'function',
    )
      ? undefined
      : `must be an object with the methods ${listed}, {got}`,
  );
}

/** Refuses an option wherever it is given, with the reason. */
export function Refused(reason: string): PropertyDecorator {
  return Rule(() => `must not be set: ${reason}`);
}
