import { isRecord } from '../../options/is-record.js';
import { OptionGroup } from '../../options/option-group.js';
import { Rule } from '../../options/rule.js';
import { Flag, Methods } from '../../options/rules.js';
import { canonicalLocale } from '../find/locale-chain.js';
import { isName } from '../find/template-name.js';
import type { TemplatesOptions } from './templates-options.js';

type Given<Name extends keyof TemplatesOptions> = TemplatesOptions[Name];

/** Validates the options of templates as a whole. */
export class TemplatesRootOptions extends OptionGroup {
  @Rule(textProblem)
  readonly directory: Given<'directory'> = undefined;

  @Methods('resolve')
  readonly resolver: Given<'resolver'> = undefined;

  @Rule(enginesProblem)
  readonly engines: Given<'engines'> = undefined;

  @Rule(layoutProblem)
  readonly layout: Given<'layout'> = undefined;

  @Rule(nameProblem)
  readonly partials: string = 'partials';

  @Rule(localeProblem)
  readonly fallbackLocale: Given<'fallbackLocale'> = undefined;

  @Rule(textSourceProblem)
  readonly text: NonNullable<Given<'text'>> = 'from-html';

  @Flag()
  readonly inlineCss: boolean = false;

  @Rule(millisecondsProblem)
  readonly cacheMs: Given<'cacheMs'> = undefined;

  @Flag()
  readonly verify: boolean = true;
}

function textProblem(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
    ? undefined
    : 'must be the path of a directory, {got}';
}

function enginesProblem(value: unknown): string | undefined {
  if (!isRecord(value))
    return 'must be an object of engines by extension, {got}';
  for (const [name, engine] of Object.entries(value)) {
    if (!/^[A-Za-z\d_-]+$/.test(name))
      return 'must name engines by extensions, without the dot';
    if (typeof engine !== 'function')
      return `must hold functions; \`${name}\` is none`;
  }
  return undefined;
}

function layoutProblem(value: unknown): string | undefined {
  return typeof value === 'function' ? undefined : nameProblem(value);
}

function nameProblem(value: unknown): string | undefined {
  return typeof value === 'string' && isName(value)
    ? undefined
    : 'must be the name of a template, such as `layouts/main`, {got}';
}

function localeProblem(value: unknown): string | undefined {
  return typeof value === 'string' && canonicalLocale(value) !== undefined
    ? undefined
    : 'must be a language tag such as `en` or `de-AT`, {got}';
}

function textSourceProblem(value: unknown): string | undefined {
  return value === 'from-html' ||
    value === 'none' ||
    typeof value === 'function'
    ? undefined
    : "must be 'from-html', 'none' or a function that makes text of html, {got}";
}

function millisecondsProblem(value: unknown): string | undefined {
  return typeof value === 'number' && value >= 0
    ? undefined
    : 'must be a number of milliseconds of at least 0, or Infinity, {got}';
}
