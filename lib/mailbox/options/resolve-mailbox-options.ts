import {
  InvalidOptionsError,
  type OptionProblem,
} from '../../errors/invalid-options.error.js';
import { problemsIn } from '../../options/find-problems.js';
import { isRecord } from '../../options/is-record.js';
import { MailboxRootOptions } from './mailbox-root.options.js';

/** The options of a mailbox, checked and with their defaults. */
export interface ResolvedMailboxOptions {
  readonly deliver: boolean;
  readonly instances: readonly string[] | undefined;
  readonly allowRemote: boolean;
  readonly allowedHosts: readonly string[];
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/**
 * Validates what the user wrote and applies every default.
 *
 * @param others - problems of what was decided at import
 * @throws InvalidOptionsError listing every problem
 */
export function resolveMailboxOptions(
  input: unknown,
  others: readonly OptionProblem[] = [],
): ResolvedMailboxOptions {
  if (!isRecord(input)) {
    const problem = 'must be an object of options';
    throw invalidMailboxOptions([...others, { option: 'options', problem }]);
  }
  const options = new MailboxRootOptions();
  const unknown = options.take(input);
  const problems = [
    ...others,
    ...problemsIn(options, unknown, new MailboxRootOptions()),
  ];
  if (problems.length > 0) throw invalidMailboxOptions(problems);
  return Object.freeze(Object.assign({}, options));
}

/** The error of a mailbox that cannot work as it is configured. */
export function invalidMailboxOptions(
  problems: readonly OptionProblem[],
): InvalidOptionsError {
  return new InvalidOptionsError(problems, 'MailboxModule');
}
