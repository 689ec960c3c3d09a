/** What of a message a template writes. */
export type TemplatePart = 'html' | 'text' | 'subject';

/** One template as written, for an engine to compile. */
export interface TemplateSource {
  /** The file's path in the directory, or what the resolver calls it. */
  readonly file: string;

  /** Values are to be escaped in `html`, and in nothing else. */
  readonly part: TemplatePart;

  /** What is written in it. */
  readonly text: string;

  /**
   * The partial of that name, for the same part and locale.
   *
   * @throws TemplateError when there is none
   */
  partial(name: string): Promise<TemplateSource>;
}

/** Writes one part of a message. */
export type CompiledTemplate = (context: object) => string | Promise<string>;

/**
 * Compiles templates of one language: one function. What it throws is told as
 * a `TemplateError` of the file; what its product throws is, too, without the
 * error's text unless that names a variable.
 */
export interface TemplateEngine {
  (source: TemplateSource): CompiledTemplate | Promise<CompiledTemplate>;

  /** Its templates write whole documents, so the option `layout` is not for them. */
  readonly wholeDocument?: boolean;
}
