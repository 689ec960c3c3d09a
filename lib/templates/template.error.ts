import { MailError } from '../errors/mail-error.js';

/** One thing wrong with a template. */
export interface TemplateProblem {
  /** The file's path in the directory, or what the resolver calls it. */
  readonly file: string;

  /** What is wrong and where; never a value of the context. */
  readonly problem: string;

  /** The variable that the context does not have, where one is known to miss. */
  readonly variable?: string | undefined;
}

/**
 * A template is missing, broken, or was given too little to write from. Its
 * code is `TEMPLATE`.
 */
export class TemplateError extends MailError {
  override readonly name = 'TemplateError';

  /** Every problem found: one for a message, any number for `verify`. */
  readonly problems: readonly TemplateProblem[];

  constructor(
    problems: readonly TemplateProblem[],
    details: { cause?: unknown; retryable?: boolean } = {},
  ) {
    super('TEMPLATE', describe(problems), details);
    this.problems = problems;
  }

  /** The first file at fault. */
  get file(): string | undefined {
    return this.problems[0]?.file;
  }

  /** The first variable that is known to miss. */
  get variable(): string | undefined {
    return this.problems[0]?.variable;
  }
}

function describe(problems: readonly TemplateProblem[]): string {
  const lines = problems.map(({ file, problem }) => `\`${file}\` ${problem}`);
  const [only] = lines;
  return lines.length === 1
    ? `The template ${only}`
    : `${lines.length} templates are broken:\n${lines.map((line) => `  - ${line}`).join('\n')}`;
}
