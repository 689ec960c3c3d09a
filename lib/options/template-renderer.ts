import type { MailAttachment } from '../message/mail-message.js';

/** The fields of a message that a template gives. */
export interface RenderedTemplate {
  /** Without line breaks. */
  readonly subject?: string | undefined;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  readonly attachments?: readonly MailAttachment[] | undefined;
}

/** How a message wants its template. */
export interface TemplateChoice {
  /** The message's `locale`. */
  readonly locale?: string | undefined;
}

/**
 * Renders the templates that messages name: what `createTemplates` of
 * `nestjs-sendgrid-smtp/templates` makes, or one of the application's own.
 */
export interface TemplateRenderer {
  /**
   * Renders one template. What it fails with is the send's failure: `TEMPLATE`,
   * unless it is a `MailError` already.
   */
  render(
    name: string,
    context: object,
    choice: TemplateChoice,
  ): RenderedTemplate | Promise<RenderedTemplate>;

  /** Whether {@link TemplateRenderer.verify} is called at bootstrap. */
  readonly verifyOnStart?: boolean | undefined;

  /** Checks every template; what it fails with stops the bootstrap. */
  verify?(): Promise<void>;
}
