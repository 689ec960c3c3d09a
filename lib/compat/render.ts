import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { escapeHtml } from '../bulk/merge/escape-html.js';
import { excerpt, invalidMessage } from '../message/invalid-message.js';
import type { MailMessage } from '../message/mail-message.js';
import { MODULE_LOGGER } from '../module-logger.js';
import { redactSecrets } from '../options/redact.js';
import { fillIn } from './fill-in.js';
import { localized } from './localized.js';
import type { ISendMailOptions } from './send-mail-options.js';
import type {
  MailerTemplateSettings,
  TemplateAdapter,
} from './template-adapter.js';

/**
 * Turns what `sendMail` was given into a message: templates rendered, and the
 * context put where it belongs.
 *
 * @throws MailError `INVALID_MESSAGE` naming the template that failed
 */
export async function render(
  given: ISendMailOptions,
  settings: MailerTemplateSettings,
): Promise<MailMessage> {
  const { template, locale, textTemplate, context, ...rest } = given;
  const { transporterName: _name, timeout: _timeout, dsn: _dsn, ...own } = rest;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the header's value is checked when the message is admitted
  const message = own as MailMessage;
  if (context !== undefined) putContext(message, context, template);
  const text = await textOf(textTemplate, context, settings.template?.dir);
  if (text !== undefined) message.text = text;
  if (template === undefined || message.html != null) return message;
  const name = localName(template, locale, settings);
  return withTemplate(message, name, context, settings);
}

function localName(
  template: string,
  locale: string | undefined,
  { i18n, template: where }: MailerTemplateSettings,
): string {
  return locale === undefined || i18n === undefined
    ? template
    : localized(template, locale, i18n, where?.dir);
}

function putContext(
  message: MailMessage,
  context: Record<string, unknown>,
  template: string | undefined,
): void {
  const { subject, html } = message;
  if (typeof subject === 'string') message.subject = fillIn(subject, context);
  if (typeof html === 'string' && template === undefined) {
    message.html = fillIn(html, context, escapeHtml);
  }
}

async function textOf(
  name: string | undefined,
  context: Record<string, unknown> | undefined,
  dir: string | undefined,
): Promise<string | undefined> {
  if (name === undefined || context === undefined || dir === undefined) {
    return undefined;
  }
  const path = join(dir, extname(name) === '' ? `${name}.txt` : name);
  try {
    return fillIn(await readFile(path, 'utf8'), context);
  } catch (error) {
    MODULE_LOGGER.warn(
      `The text template ${path} cannot be read (${reasonOf(error)}): the message goes out without it.`,
    );
    return undefined;
  }
}

async function withTemplate(
  message: MailMessage,
  template: string,
  context: Record<string, unknown> | undefined,
  settings: MailerTemplateSettings,
): Promise<MailMessage> {
  const { adapter, resolver } = settings.template ?? {};
  try {
    if (resolver !== undefined) {
      const { content, metadata } = await resolver.resolve(template, context);
      const subject = message.subject ?? subjectOf(metadata);
      return { ...message, html: content, subject };
    }
    if (adapter !== undefined) {
      const data = { ...message, template, context: context ?? {} };
      await compile(adapter, data, settings);
      const { template: _template, context: _context, ...rendered } = data;
      return rendered;
    }
  } catch (cause) {
    const what = `The template ${excerpt(template)} could not be rendered`;
    throw invalidMessage(`${what}: ${reasonOf(cause)}`, { cause });
  }
  throw invalidMessage(
    `The message names the template ${excerpt(template)}, and nothing renders ` +
      'templates: set `template.adapter` or `template.resolver` of MailerModule.',
  );
}

/** Adapters may call back, then throw: what came first counts. */
function compile(
  adapter: TemplateAdapter,
  data: Record<string, unknown>,
  settings: MailerTemplateSettings,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const callback = (error?: unknown): void => {
      if (error == null) resolve();
      else reject(asError(error));
    };
    // Typed as returning nothing, but an async function fits that type.
    const returned: unknown = adapter.compile({ data }, callback, settings);
    if (returned instanceof Promise) returned.catch(callback);
  });
}

function subjectOf(
  metadata: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  const subject = metadata?.['subject'];
  return typeof subject === 'string' ? subject : undefined;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function reasonOf(error: unknown): string {
  return redactSecrets(asError(error).message);
}
