import type {
  RenderedTemplate,
  TemplateChoice,
  TemplateRenderer,
} from '../options/template-renderer.js';
import {
  compileTemplate,
  type CompiledMail,
  type Workshop,
} from './compile-template.js';
import { localeChain } from './find/locale-chain.js';
import { oneLine, type Finisher } from './finish/finisher.js';
import { TemplateCache } from './template-cache.js';
import type { TemplateRef } from './template-resolver.js';
import { TemplateError, type TemplateProblem } from './template.error.js';

/** What {@link Templates} work with. */
export interface TemplatesParts {
  readonly workshop: Workshop;
  readonly finisher: Finisher;
  readonly cacheMs: number;
  readonly fallbackLocale: string | undefined;
  readonly verifyOnStart: boolean;
}

/**
 * Templates that messages can name: `createTemplates` makes them, for the option
 * `templates` of `SendGridSmtpModule` and `MailOutboxModule`.
 */
export class Templates implements TemplateRenderer {
  readonly #parts: TemplatesParts;
  readonly #cache: TemplateCache<CompiledMail>;

  /** Whether {@link Templates.verify} is called at bootstrap. */
  readonly verifyOnStart: boolean;

  /** @internal */
  constructor(parts: TemplatesParts) {
    this.#parts = parts;
    this.#cache = new TemplateCache(parts.cacheMs);
    this.verifyOnStart = parts.verifyOnStart;
  }

  /**
   * Renders a template by itself, as a message that names it would have it.
   *
   * @throws TemplateError; MailError `INVALID_MESSAGE` for a locale that is none
   */
  async render(
    name: string,
    context: object = {},
    { locale }: TemplateChoice = {},
  ): Promise<RenderedTemplate> {
    const { finisher } = this.#parts;
    const compiled = await this.#compiled(name, locale);
    const { file, attachments } = compiled;
    const written = await compiled.html?.(context);
    const html = written && (await finisher.html(written, file));
    const text =
      compiled.text === undefined
        ? written && (await finisher.text(written, file))
        : await compiled.text(context);
    const subject = await compiled.subject?.(context);
    return { subject: subject && oneLine(subject), text, html, attachments };
  }

  /**
   * Compiles every template of the directory, and what the resolver lists, with
   * their layouts and partials.
   *
   * @throws TemplateError with every problem
   */
  async verify(): Promise<void> {
    const { workshop, finisher } = this.#parts;
    const problems: TemplateProblem[] = [];
    await problemsOf(() => finisher.load(), problems);
    for await (const found of this.#checks(await workshop.sources.list())) {
      problems.push(...found);
    }
    if (problems.length > 0) throw new TemplateError(distinct(problems));
  }

  /** Forgets what was compiled, after templates have changed. */
  clear(): void {
    this.#cache.clear();
  }

  /** One at a time: there may be more than files can be open. */
  async *#checks(
    refs: readonly TemplateRef[],
  ): AsyncGenerator<TemplateProblem[], void> {
    for (const { name, locale } of refs) {
      const problems: TemplateProblem[] = [];
      yield problemsOf(() => this.#compiled(name, locale), problems);
    }
  }

  #compiled(name: string, locale: string | undefined): Promise<CompiledMail> {
    const { fallbackLocale, workshop } = this.#parts;
    return this.#cache.get(`${locale ?? ''}\0${name}`, async () => {
      const locales = localeChain(locale, fallbackLocale);
      return compileTemplate(name, locales, workshop);
    });
  }
}

/** Adds what `work` fails with to `problems`. */
async function problemsOf(
  work: () => Promise<unknown>,
  problems: TemplateProblem[],
): Promise<TemplateProblem[]> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    problems.push(...error.problems);
  }
  return problems;
}

/** A partial or layout may be at fault for many. */
function distinct(problems: readonly TemplateProblem[]): TemplateProblem[] {
  const all = problems.map(
    (one) => [`${one.file}\0${one.problem}`, one] as const,
  );
  return [...new Map(all).values()];
}
