import { isMailError, MailError } from './errors/mail-error.js';
import { isFields } from './message/header-entries.js';
import { excerpt, invalidMessage } from './message/invalid-message.js';
import type { MailMessage } from './message/mail-message.js';
import type { TemplateRenderer } from './options/template-renderer.js';

type Templated = Pick<MailMessage, 'template' | 'context' | 'locale'>;

/** Whether a message is to be rendered first. */
export function namesTemplate(message: Templated): boolean {
  // Untyped callers may give none.
  return message?.template != null;
}

/**
 * The message as its template makes it: what it holds itself stays, and the
 * template gives the rest.
 *
 * @throws MailError `INVALID_MESSAGE` for fields of a wrong kind, `TEMPLATE`
 * for what the template fails with
 */
export async function renderMessage<Message extends Templated>(
  message: Message,
  renderer: TemplateRenderer | undefined,
): Promise<Message> {
  const { template, context, locale, ...own } = message;
  if (typeof template !== 'string' || template === '') {
    throw invalidMessage('`template` must be the name of a template.');
  }
  if (renderer === undefined) throw noTemplates(template);
  if (!isFields(context ?? {})) {
    throw invalidMessage('`context` must be an object.');
  }
  if (locale != null && typeof locale !== 'string') {
    throw invalidMessage('`locale` must be a language tag such as `de-AT`.');
  }
  const choice = { locale: locale ?? undefined };
  const rendered = await ask(renderer, template, context ?? {}, choice);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields, of which those of a template may be `undefined`
  return { ...rendered, ...present(own) } as Message;
}

/**
 * Checks every template, where that is wanted at start.
 *
 * @throws what stops the bootstrap
 */
export async function verifyTemplates(
  renderer: TemplateRenderer | undefined,
): Promise<void> {
  if (renderer?.verifyOnStart === true) await renderer.verify?.();
}

async function ask(
  renderer: TemplateRenderer,
  ...[name, context, choice]: Parameters<TemplateRenderer['render']>
): Promise<Record<string, unknown>> {
  let rendered: unknown;
  try {
    rendered = await renderer.render(name, context, choice);
  } catch (cause) {
    throw isMailError(cause) ? cause : failed(name, cause);
  }
  if (!isFields(rendered)) throw failed(name, 'it gave no fields');
  const { subject, text, html, attachments } = rendered;
  return { subject, text, html, attachments };
}

function present(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  );
}

function failed(name: string, cause: unknown): MailError {
  // Its text may hold what the context holds.
  const reason = cause instanceof Error ? cause.name : 'see `cause`';
  return new MailError(
    'TEMPLATE',
    `The template ${excerpt(name)} could not be rendered (${reason}).`,
    { cause },
  );
}

function noTemplates(name: string): MailError {
  return new MailError(
    'TEMPLATE',
    `The message names the template ${excerpt(name)}, and nothing renders ` +
      'templates: set the option `templates`, for example to ' +
      "`createTemplates({ directory: 'templates' })` of " +
      '`nestjs-sendgrid-smtp/templates`.',
  );
}
