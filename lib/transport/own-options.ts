import {
  InvalidOptionsError,
  type OptionProblem,
} from '../errors/invalid-options.error.js';
import { isRecord } from '../options/is-record.js';

const NODEMAILERS = ['defaults', 'plugins', 'dkim', 'verifyOnStart'];
const MODULES = ['tenants', 'maxTenants'];
const FACES = ['templates'];

/**
 * Refuses options that only the module knows. The types leave them out;
 * untyped callers would not notice that they do nothing.
 *
 * @throws InvalidOptionsError naming who takes them
 */
export function ownOptions(options: unknown): unknown {
  if (!isRecord(options)) return options;
  const problems = [
    ...problemsOf(
      options,
      NODEMAILERS,
      'give defaults to `nodemailer.createTransport`, plugins to `mailer.use` and DKIM options to each message',
    ),
    ...problemsOf(options, MODULES, 'make a transport for each tenant'),
    ...problemsOf(
      options,
      FACES,
      'render before, or in a plugin of nodemailer',
    ),
  ];
  if (problems.length === 0) return options;
  throw new InvalidOptionsError(problems);
}

function problemsOf(
  options: object,
  names: readonly string[],
  advice: string,
): OptionProblem[] {
  return names
    .filter((name) => Object.hasOwn(options, name))
    .map((option) => ({ option, problem: `does nothing here: ${advice}` }));
}
