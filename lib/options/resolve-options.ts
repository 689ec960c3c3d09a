import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import { AddressPatterns } from './address-patterns.js';
import { apiKeyWarning } from './api-key.js';
import { DEFAULTS } from './defaults.js';
import { findProblems } from './find-problems.js';
import { isRecord } from './is-record.js';
import { domainOf } from './mailbox.js';
import type { RedirectOptions } from './redirect.options.js';
import { resolveTenant } from './resolve-tenant.js';
import type {
  ResolvedOptions,
  ResolvedPoolOptions,
  ResolvedRelay,
} from './resolved-options.js';
import { hostOf, RootOptions } from './root.options.js';
import { Secret } from './secret.js';

const DOCUMENTED_MESSAGE_BYTES = 20_000_000;

/**
 * Validates what the user wrote and applies every default.
 *
 * @throws InvalidOptionsError listing every problem, without any secret.
 */
export function resolveOptions(input: unknown): ResolvedOptions {
  if (!isRecord(input)) throw notAnObject(input);
  const options = new RootOptions();
  const unknown = options.take(input);
  const problems = findProblems(options, unknown);
  if (problems.length > 0) throw new InvalidOptionsError(problems);
  return Object.freeze({
    mode: options.mode,
    relay: relayOf(options),
    allowedFrom:
      options.allowedFrom && new AddressPatterns(options.allowedFrom),
    tenants: tenantsOf(options, input),
    redirect: options.redirect.toRedirect(),
    defaults: options.defaults.toMailDefaults(),
    pool: poolOf(options),
    queue: frozenCopy(options.queue),
    rateLimit: options.rateLimit.toRateLimit(),
    retry: options.retry.toRetry(),
    guards: options.guards.toGuards(),
    suppressions: options.suppressions,
    unknownSends: options.unknownSends,
    templates: options.templates,
    timeouts: frozenCopy(options.timeouts),
    correlation: options.correlation,
    maxMessageBytes: options.maxMessageBytes ?? DEFAULTS.maxMessageBytes,
    attachments: options.attachments.toAttachments(),
    plugins: Object.freeze(options.plugins.flatMap(toMailPlugin)),
    dkim: options.dkim,
    shutdown: frozenCopy(options.shutdown),
    showRecipients: options.showRecipients,
    verifyOnStart: options.verifyOnStart,
    warnings: Object.freeze(warningsOf(options)),
  });
}

function relayOf(options: RootOptions): ResolvedRelay {
  const { port, security, ehloName, defaults, tls } = options;
  return Object.freeze({
    host: hostOf(options),
    port,
    security: security ?? (port === 465 ? 'implicit' : 'starttls'),
    apiKey: keyOf(options),
    ehloName: ehloName ?? domainOf(defaults.from) ?? DEFAULTS.ehloName,
    tls: frozenCopy(tls),
  });
}

function keyOf({ apiKey }: RootOptions): ResolvedRelay['apiKey'] {
  const key = typeof apiKey === 'string' ? apiKey.trim() : apiKey;
  return key === undefined || key === '' ? undefined : new Secret(key);
}

/** Without a key nothing may connect, not even to be kept open. */
function poolOf(options: RootOptions): ResolvedPoolOptions {
  const pool = frozenCopy(options.pool);
  return keyOf(options) === undefined
    ? Object.freeze({ ...pool, minConnections: 0 })
    : pool;
}

function tenantsOf(
  { tenants, maxTenants }: RootOptions,
  instance: object,
): ResolvedOptions['tenants'] {
  if (tenants === undefined) return undefined;
  const source = { ask: tenants, instance, resolve: resolveOptions };
  return Object.freeze({
    max: maxTenants,
    of: (id: string) => resolveTenant(id, source),
  });
}

/** Leaves the class behind and keeps the options. */
function frozenCopy<Group extends object>(group: Group): Readonly<Group> {
  return Object.freeze(Object.assign({}, group));
}

function toMailPlugin({
  step,
  plugin,
}: RootOptions['plugins'][number]): ResolvedOptions['plugins'] {
  // Both are there: absent ones did not pass validation.
  return step && plugin ? [Object.freeze({ step, plugin })] : [];
}

function warningsOf(options: RootOptions): string[] {
  const { apiKey, maxMessageBytes, redirect } = options;
  const odd =
    typeof apiKey === 'string' && apiKey.trim() !== ''
      ? apiKeyWarning(apiKey)
      : undefined;
  const large =
    maxMessageBytes !== undefined && maxMessageBytes > DOCUMENTED_MESSAGE_BYTES
      ? `\`maxMessageBytes\` is ${maxMessageBytes}: SendGrid documents 20,000,000 bytes for a whole message`
      : undefined;
  return [odd, large, redirectWarning(redirect)].filter(
    (warning) => warning !== undefined,
  );
}

function redirectWarning(redirect: RedirectOptions): string | undefined {
  const to = redirect.toRedirect()?.to;
  if (to === undefined) return undefined;
  const others =
    redirect.except.length === 0 ? '' : ' that `redirect.except` does not list';
  return `\`redirect\` is on: mail goes to ${to} instead of to all recipients${others}`;
}

function notAnObject(input: unknown): InvalidOptionsError {
  const hint =
    typeof Reflect.get(Object(input), 'then') === 'function'
      ? 'got a promise: await it, or give it to forRootAsync({ useFactory })'
      : `got ${kindOf(input)}: does the factory return its options?`;
  return new InvalidOptionsError([
    { option: 'options', problem: `must be an object, ${hint}` },
  ]);
}

function kindOf(input: unknown): string {
  if (input === null || input === undefined) return String(input);
  if (Array.isArray(input)) return 'a list';
  return typeof input === 'object'
    ? 'an object of another kind'
    : `a ${typeof input}`;
}
