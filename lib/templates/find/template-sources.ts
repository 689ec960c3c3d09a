import { isMailError } from '../../errors/mail-error.js';
import { redactedError } from '../../options/redact.js';
import type {
  FoundTemplate,
  TemplateRef,
  TemplateResolver,
} from '../template-resolver.js';
import { TemplateError } from '../template.error.js';
import { within } from './within.js';

/** What a resolver may take, in milliseconds. */
const RESOLVE_MS = 10_000;

/** A template, and the locale that it was found in. */
export interface Located {
  readonly found: FoundTemplate;
  readonly locale: string | undefined;
}

/** Everywhere that templates are looked for. */
export class TemplateSources {
  readonly #resolvers: readonly TemplateResolver[];

  constructor(resolvers: readonly TemplateResolver[]) {
    this.#resolvers = resolvers;
  }

  /**
   * The first template of that name along the locales, with any of `parts`.
   *
   * @throws TemplateError for what cannot be loaded
   */
  async find(
    name: string,
    locales: readonly (string | undefined)[],
  ): Promise<Located | undefined> {
    const [locale, ...others] = locales;
    const found = await this.#ask(name, locale, this.#resolvers);
    if (found != null) return { found, locale };
    return others.length === 0 ? undefined : this.find(name, others);
  }

  /** Every template that is listed anywhere. */
  async list(): Promise<TemplateRef[]> {
    try {
      const lists = await Promise.all(
        this.#resolvers.map(async (one) => (await one.list?.()) ?? []),
      );
      return lists.flatMap((list) => Array.from(list));
    } catch (error) {
      throw unavailable('(list)', error);
    }
  }

  async #ask(
    name: string,
    locale: string | undefined,
    [resolver, ...others]: readonly TemplateResolver[],
  ): Promise<FoundTemplate | null | undefined> {
    if (resolver === undefined) return undefined;
    const found = await answerOf(resolver, name, locale);
    return found ?? this.#ask(name, locale, others);
  }
}

async function answerOf(
  resolver: TemplateResolver,
  name: string,
  locale: string | undefined,
): Promise<FoundTemplate | null | undefined> {
  try {
    const answer = Promise.resolve(resolver.resolve(name, locale));
    return await within(RESOLVE_MS, answer);
  } catch (error) {
    throw unavailable(locale === undefined ? name : `${locale}/${name}`, error);
  }
}

/** Where templates are may be out of reach for now. */
function unavailable(file: string, error: unknown): Error {
  if (isMailError(error)) return error;
  const cause = redactedError(error);
  const problem = `could not be loaded: ${cause.name}: ${cause.message}`;
  return new TemplateError([{ file, problem }], { cause, retryable: true });
}
