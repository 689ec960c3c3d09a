import { OptionGroup } from '../../options/option-group.js';
import { Rule } from '../../options/rule.js';
import { Flag, Whole } from '../../options/rules.js';

const MIB = 1_048_576;
const HOST = /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i;

/** Validates `MailboxOptions`, and holds them with their defaults. */
export class MailboxRootOptions extends OptionGroup {
  @Flag()
  readonly deliver: boolean = false;

  @Rule(namesProblem)
  readonly instances: readonly string[] | undefined = undefined;

  @Flag()
  readonly allowRemote: boolean = false;

  @Rule(hostsProblem)
  readonly allowedHosts: readonly string[] = [];

  @Whole(1, 10_000)
  readonly maxMessages: number = 500;

  @Whole(MIB)
  readonly maxBytes: number = 64 * MIB;
}

function namesProblem(value: unknown): string | undefined {
  return areTexts(value)
    ? undefined
    : 'must be a list of names of mail instances, {got}';
}

function hostsProblem(value: unknown): string | undefined {
  return areTexts(value) && value.every((name) => HOST.test(name))
    ? undefined
    : "must be a list of host names without ports, such as 'mail.staging.example', {got}";
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
