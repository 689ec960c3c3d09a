import { ValidateNested } from 'class-validator';

import { OptionGroup } from './option-group.js';
import { Rule } from './rule.js';

/** Validates a nested group with the rules of its own class. */
export function Group(): PropertyDecorator {
  const isGroup = Rule((value) =>
    value instanceof OptionGroup
      ? undefined
      : 'must be an object of options, {got}',
  );
  const validateNested = ValidateNested();
  return (target, property) => {
    isGroup(target, property);
    validateNested(target, property);
  };
}
