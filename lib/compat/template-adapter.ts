/** What an adapter is given to read and to put its HTML into. */
export interface TemplateMail {
  /** The fields of the message: `template`, `context` and all others. */
  readonly data: Record<string, unknown>;
}

/**
 * Renders templates: an adapter of @nestjs-modules/mailer, unchanged, or one
 * of the application's own.
 */
export interface TemplateAdapter {
  /**
   * Renders `mail.data.template` with `mail.data.context`, sets
   * `mail.data.html`, and calls back. Its first call back counts, and what it
   * throws is the send's failure.
   */
  compile(
    mail: TemplateMail,
    callback: (error?: unknown, body?: string) => unknown,
    options: MailerTemplateSettings,
  ): void;
}

/** A template that was found elsewhere than in a directory. */
export interface ResolvedTemplate {
  /** The HTML. */
  readonly content: string;

  /** `subject` is used for messages without one. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Finds templates elsewhere than in a directory, and renders them. */
export interface TemplateResolver {
  /** Called for every message with a `template` and no `html`. */
  resolve(
    template: string,
    context?: Record<string, unknown>,
  ): Promise<ResolvedTemplate>;
}

/** The option `template`. */
export interface MailerTemplateOptions {
  /** Directory of the templates. */
  readonly dir?: string | undefined;

  /** Where adapters look for what is not in `dir`. */
  readonly dirs?: string[] | undefined;

  /** What renders templates. */
  readonly adapter?: TemplateAdapter | undefined;

  /** Options of the template engine. */
  readonly options?: Record<string, unknown> | undefined;

  /** Used instead of the adapter when given. */
  readonly resolver?: TemplateResolver | undefined;
}

/** The option `i18n`. */
export interface I18nOptions {
  /** Whose templates are used where a locale has none. */
  readonly defaultLocale: string;

  /**
   * Where a locale's templates are, below `template.dir`.
   *
   * @defaultValue `'{{locale}}/'`
   */
  readonly templateDirPattern?: string | undefined;

  /**
   * Whether to fall back to `defaultLocale`.
   *
   * @defaultValue true
   */
  readonly fallback?: boolean | undefined;
}

/** What adapters are told of the module's options. */
export interface MailerTemplateSettings {
  /** Where templates are and what renders them. */
  readonly template?: MailerTemplateOptions | undefined;

  /** Options of layouts and partials, read by adapters. */
  readonly options?: Record<string, unknown> | undefined;

  /** Templates by locale. */
  readonly i18n?: I18nOptions | undefined;
}
