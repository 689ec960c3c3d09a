import { ValidateNested } from 'class-validator';

import { PluginOptions } from './plugin.options.js';
import { Rule } from './rule.js';

/** Validates a list of plugins, each with the rules of its own class. */
export function Plugins(): PropertyDecorator {
  const isList = Rule((value) =>
    Array.isArray(value) &&
    value.every((entry) => entry instanceof PluginOptions)
      ? undefined
      : 'must be a list of `{ step, plugin }`, {got}',
  );
  const validateNested = ValidateNested({ each: true });
  return (target, property) => {
    isList(target, property);
    validateNested(target, property);
  };
}
