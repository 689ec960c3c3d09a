import {
  DEFAULT_INSTANCE,
  instanceToken,
  optionsFactoryToken,
  optionsToken,
} from '../instance-tokens.js';
import { instanceLog } from '../module-logger.js';
import { resolveOptions } from '../options/resolve-options.js';
import { Secret } from '../options/secret.js';
import type { SendGridSmtpOptions } from '../options/sendgrid-smtp-options.js';
import type { TemplateRenderer } from '../options/template-renderer.js';
import { CaptureStore } from '../transport/capture-store.js';
import { openInstance } from '../transport/open-instance.js';
import { mailCapture, type MailCapture } from './mail-capture.js';

/** What a named provider is replaced with. */
export interface OverrideBy {
  /** Replaces it with a value. */
  useValue(value: unknown): unknown;
}

/** The part of Nest's `TestingModuleBuilder` that is needed. */
export interface OverridableBuilder {
  /** Names the provider to replace. */
  overrideProvider(token: string): OverrideBy;
}

/** What a test may still configure. */
export type OverrideMailOptions = Pick<
  SendGridSmtpOptions,
  | 'defaults'
  | 'allowedFrom'
  | 'tenants'
  | 'maxTenants'
  | 'redirect'
  | 'queue'
  | 'guards'
  | 'correlation'
  | 'maxMessageBytes'
  | 'plugins'
  | 'templates'
  | 'dkim'
  | 'shutdown'
  | 'showRecipients'
>;

// The application's own default From is not known: its factory is not called.
const DEFAULTS = { from: 'Tests <tests@example.com>' };

// Nor are its templates. What a test asks is which one, with what.
const NAMING: TemplateRenderer = {
  render: (name) => ({ subject: name, text: name }),
};

/**
 * Makes a testing module keep an instance's mail in memory. The instance's
 * options are not made, its factory is not called, and no key, network or
 * timer is needed. Messages are composed and checked as ever. Tenants have
 * nothing of their own unless `options.tenants` says so. Templates are rendered
 * by `options.templates`; without, subject and text are the template's name.
 *
 * @param builder - from `Test.createTestingModule`, before `compile`
 * @param name - the instance's `name`, `'default'` when left out
 * @param options - used instead of the application's; `defaults.from` is
 * `Tests <tests@example.com>` when left out
 *
 * @example
 * ```ts
 * const builder = Test.createTestingModule({ imports: [AppModule] });
 * const mail = overrideMail(builder);
 * const app = await builder.compile();
 * // ...
 * expect(mail.lastTo('ada@example.com')?.subject).toBe('Welcome');
 * ```
 */
export function overrideMail(
  builder: OverridableBuilder,
  name: string = DEFAULT_INSTANCE,
  options: OverrideMailOptions = {},
): MailCapture {
  const given = {
    tenants: () => ({}),
    ...(options.plugins === undefined && { templates: NAMING }),
    ...options,
    mode: 'capture',
    defaults: { ...DEFAULTS, ...options.defaults },
  };
  const resolved = resolveOptions(given);
  const store = new CaptureStore();
  const instance = openInstance(resolved, name, instanceLog(name), { store });
  const replacements = new Map<string, unknown>([
    [optionsFactoryToken(name), { createSendGridSmtpOptions: () => given }],
    [optionsToken(name), new Secret(given)],
    [instanceToken(name), instance],
  ]);
  for (const [token, value] of replacements) {
    builder.overrideProvider(token).useValue(value);
  }
  return mailCapture(store);
}
