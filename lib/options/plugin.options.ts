import type { PluginFunction } from 'nodemailer';

import { OptionGroup } from './option-group.js';
import { RuleEvenIfAbsent } from './rule.js';

/** Validates one entry of `plugins`. */
export class PluginOptions extends OptionGroup {
  @RuleEvenIfAbsent((value) =>
    value === 'compile' || value === 'stream'
      ? undefined
      : 'must be "compile" or "stream", {got}',
  )
  readonly step: 'compile' | 'stream' | undefined = undefined;

  @RuleEvenIfAbsent((value) =>
    typeof value === 'function'
      ? undefined
      : 'must be a nodemailer plugin function, {got}',
  )
  readonly plugin: PluginFunction | undefined = undefined;
}
