import { MailError } from './mail-error.js';

/** One thing wrong with the options. */
export interface OptionProblem {
  /** Dotted path of the option, for example `pool.maxConnections`. */
  readonly option: string;

  /** What is wrong and what to do, without any secret. */
  readonly problem: string;
}

/**
 * Lists every problem of the options at once. Thrown at bootstrap; what sends
 * of a tenant reject with when the tenant's own options are wrong.
 */
export class InvalidOptionsError extends MailError {
  override readonly name = 'InvalidOptionsError';

  /** Every problem found, in the order of the options. */
  readonly problems: readonly OptionProblem[];

  /** Names the module whose options they are. */
  constructor(
    problems: readonly OptionProblem[],
    module = 'SendGridSmtpModule',
  ) {
    super('INVALID_OPTIONS', describe(problems, module), { scope: 'account' });
    this.problems = problems;
  }
}

function describe(problems: readonly OptionProblem[], module: string): string {
  const lines = problems.map(
    ({ option, problem }) => `  - \`${option}\` ${problem}`,
  );
  return `${module} was given invalid options:\n${lines.join('\n')}`;
}
