import { resolve } from 'node:path';
import {
  InvalidOptionsError,
  type OptionProblem,
} from '../errors/invalid-options.error.js';
import { problemsIn } from '../options/find-problems.js';
import { isRecord } from '../options/is-record.js';
import type { Engines } from './compile-part.js';
import { ejs } from './engines/ejs.js';
import { handlebars } from './engines/handlebars.js';
import { mjml } from './engines/mjml.js';
import { TemplateDirectory } from './find/template-directory.js';
import { TemplateSources } from './find/template-sources.js';
import { Finisher } from './finish/finisher.js';
import type { TemplatesOptions } from './options/templates-options.js';
import { TemplatesRootOptions } from './options/templates-root.options.js';
import { Templates } from './templates.js';

/**
 * Makes templates that messages can name.
 *
 * @example
 * ```ts
 * SendGridSmtpModule.forRoot({
 *   apiKey: process.env.SENDGRID_API_KEY,
 *   templates: createTemplates({ directory: 'templates' }),
 * });
 * ```
 *
 * @throws InvalidOptionsError that lists every problem
 */
export function createTemplates(options: TemplatesOptions): Templates {
  const { engines, layout, partials, ...rest } = admitted(options);
  const all = {
    hbs: handlebars(),
    ejs: ejs(),
    mjml: mjml(),
    ...engines,
  };
  const layoutOf = typeof layout === 'function' ? layout : () => layout;
  const sources = sourcesOf({ ...rest, partials }, all);
  return new Templates({
    workshop: { sources, engines: all, layoutOf, partials },
    finisher: new Finisher(rest),
    cacheMs: rest.cacheMs ?? usualCacheMs(),
    fallbackLocale: rest.fallbackLocale,
    verifyOnStart: rest.verify,
  });
}

function admitted(input: unknown): TemplatesRootOptions {
  if (!isRecord(input)) {
    throw invalid([{ option: 'options', problem: 'must be an object' }]);
  }
  const options = new TemplatesRootOptions();
  const unknown = options.take(input);
  const problems = problemsIn(options, unknown, new TemplatesRootOptions());
  if (options.directory === undefined && options.resolver === undefined) {
    const problem = 'is required, unless there is a `resolver`';
    problems.push({ option: 'directory', problem });
  }
  if (problems.length > 0) throw invalid(problems);
  return options;
}

function sourcesOf(
  {
    directory,
    resolver,
    partials,
  }: Pick<TemplatesRootOptions, 'directory' | 'resolver' | 'partials'>,
  engines: Engines,
): TemplateSources {
  const extensions = new Set(Object.keys(engines));
  const files =
    directory === undefined
      ? []
      : [new TemplateDirectory(resolve(directory), extensions, partials)];
  return new TemplateSources(
    resolver === undefined ? files : [resolver, ...files],
  );
}

/** As Express decides on its views. */
function usualCacheMs(): number {
  return process.env['NODE_ENV'] === 'production' ? Infinity : 0;
}

function invalid(problems: readonly OptionProblem[]): InvalidOptionsError {
  return new InvalidOptionsError(problems, 'createTemplates');
}
