import type { MailAttachment } from '../message/mail-message.js';
import type { CompiledTemplate } from './template-engine.js';

/** One part of a template as written. */
export interface TemplateText {
  /** What is written in it. */
  readonly source: string;

  /** Whose language it is in: a name of the option `engines`, such as `hbs`. */
  readonly engine: string;

  /**
   * What errors call it.
   *
   * @defaultValue the names of template, locale and part
   */
  readonly file?: string | undefined;
}

/** A template: what it writes of a message, as text of an engine or as a function. */
export interface FoundTemplate {
  readonly html?: TemplateText | CompiledTemplate | undefined;
  readonly text?: TemplateText | CompiledTemplate | undefined;
  readonly subject?: TemplateText | CompiledTemplate | undefined;

  /** Go with every message of the template, such as images by `cid`. */
  readonly attachments?: readonly MailAttachment[] | undefined;
}

/** Which template, and of which locale. */
export interface TemplateRef {
  readonly name: string;
  readonly locale?: string | undefined;
}

/** Finds templates, for example in a database. */
export interface TemplateResolver {
  /**
   * Gives the template of that name and exactly that locale (without one: of
   * none), or nothing. Asked for one locale after another, from the most
   * special; for partials and layouts under their own names. Has 10 seconds.
   */
  resolve(
    name: string,
    locale: string | undefined,
  ):
    | FoundTemplate
    | null
    | undefined
    | Promise<FoundTemplate | null | undefined>;

  /** Lists every template, for `verify`; partials need not be listed. */
  list?(): Iterable<TemplateRef> | Promise<Iterable<TemplateRef>>;
}
