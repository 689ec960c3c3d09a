import { ValidateBy } from 'class-validator';

/**
 * Says what is wrong with a value, or nothing. `{got}` in the answer stands
 * for the value as it may be printed; a check never prints it itself.
 */
export type Check = (value: unknown, group: object) => string | undefined;

/** Validates an option that is given with one check. */
export function Rule(check: Check): PropertyDecorator {
  return RuleEvenIfAbsent((value, group) =>
    value === undefined ? undefined : check(value, group),
  );
}

/** Validates an option with one check, also when it is left out. */
export function RuleEvenIfAbsent(check: Check): PropertyDecorator {
  return ValidateBy({
    name: 'rule',
    validator: {
      validate: (value: unknown, args): boolean =>
        check(value, args?.object ?? {}) === undefined,
      defaultMessage: (args): string =>
        check(args?.value, args?.object ?? {}) ?? '',
    },
  });
}
