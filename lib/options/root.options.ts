import type { DKIMOptions } from 'nodemailer';

import { patternsProblem } from './address-patterns.js';
import { apiKeyProblem } from './api-key.js';
import type { KeyFunction } from './ask-for-key.js';
import { AttachmentsOptions } from './attachments.options.js';
import { DEFAULTS } from './defaults.js';
import { dkimProblem } from './dkim-rule.js';
import { Group } from './group.decorator.js';
import { GuardsOptions } from './guards.options.js';
import { isRecord } from './is-record.js';
import { MailDefaultsOptions } from './mail-defaults.options.js';
import { OptionGroup, type UnknownName } from './option-group.js';
import { Plugins } from './plugins.decorator.js';
import { PluginOptions } from './plugin.options.js';
import { PoolOptions } from './pool.options.js';
import { QueueOptions } from './queue.options.js';
import { RateLimitOptions } from './rate-limit.options.js';
import { RedirectOptions } from './redirect.options.js';
import {
  ehloNameProblem,
  hostProblem,
  securityProblem,
} from './relay-rules.js';
import type { ResolvedOptions, Security } from './resolved-options.js';
import { RetryOptions } from './retry.options.js';
import { Rule, RuleEvenIfAbsent } from './rule.js';
import { Callable, Flag, Methods, OneOf, Whole } from './rules.js';
import { ShutdownOptions } from './shutdown.options.js';
import type { SuppressionList } from './suppression-list.js';
import type { TemplateRenderer } from './template-renderer.js';
import type { SendGridSmtpTenantsFunction } from './tenant.options.js';
import { TimeoutOptions } from './timeout.options.js';
import { TlsOptions } from './tls.options.js';
import type { UnknownSendStore } from './unknown-send-store.js';

const HOSTS = { global: 'smtp.sendgrid.net', eu: 'smtp.eu.sendgrid.net' };

/** Validates the options as a whole, and holds them with their defaults. */
export class RootOptions extends OptionGroup {
  @OneOf('smtp', 'capture', 'discard')
  readonly mode: ResolvedOptions['mode'] = 'smtp';

  @RuleEvenIfAbsent(keyProblem)
  readonly apiKey: string | KeyFunction | undefined = undefined;

  @OneOf('global', 'eu')
  readonly region: keyof typeof HOSTS = 'global';

  @Rule(hostProblem)
  readonly host: string | undefined = undefined;

  @Whole(1, 65_535)
  readonly port = DEFAULTS.port;

  @Rule(protection)
  readonly security: Security | undefined = undefined;

  @Group()
  readonly tls = new TlsOptions();

  @Rule(ehloNameProblem)
  readonly ehloName: string | undefined = undefined;

  @Group()
  readonly defaults = new MailDefaultsOptions();

  @Rule(allowedFromProblem)
  readonly allowedFrom: readonly string[] | undefined = undefined;

  @Callable()
  readonly tenants: SendGridSmtpTenantsFunction | undefined = undefined;

  @Whole(1)
  readonly maxTenants = DEFAULTS.maxTenants;

  @Group()
  readonly redirect = new RedirectOptions();

  @Group()
  readonly pool = new PoolOptions();

  @Group()
  readonly queue = new QueueOptions();

  @Group()
  readonly rateLimit = new RateLimitOptions();

  @Group()
  readonly guards = new GuardsOptions();

  @Methods('reasonsFor')
  readonly suppressions: SuppressionList | undefined = undefined;

  @Methods('add', 'settle', 'settledBy', 'remove')
  readonly unknownSends: UnknownSendStore | undefined = undefined;

  @Group()
  readonly retry = new RetryOptions();

  @Flag()
  readonly correlation: boolean = true;

  @Whole(1)
  readonly maxMessageBytes: number | undefined = undefined;

  @Group()
  readonly attachments = new AttachmentsOptions();

  @Methods('render')
  readonly templates: TemplateRenderer | undefined = undefined;

  @Group()
  readonly timeouts = new TimeoutOptions();

  @Plugins()
  readonly plugins: readonly PluginOptions[] = [];

  @Rule(dkimProblem)
  readonly dkim: DKIMOptions | undefined = undefined;

  @Group()
  readonly shutdown = new ShutdownOptions();

  @OneOf(true, false)
  readonly showRecipients: boolean = false;

  @OneOf(false, 'warn', 'fail')
  readonly verifyOnStart: ResolvedOptions['verifyOnStart'] = false;

  override take(input: object): UnknownName[] {
    const unknown = super.take(input);
    // Unchecked yet: whatever the user gave.
    const given: unknown = this.plugins;
    if (!Array.isArray(given)) return unknown;
    const entries = given.map((entry: unknown, index) => {
      if (!isRecord(entry)) return entry;
      const plugin = new PluginOptions();
      unknown.push(...plugin.take(entry, `plugins[${index}]`));
      return plugin;
    });
    Reflect.set(this, 'plugins', entries);
    return unknown;
  }
}

/** The host in use: the one given, else that of the region. */
export function hostOf({ host, region }: RootOptions): string {
  return host ?? HOSTS[region];
}

function keyProblem(key: unknown, root: object): string | undefined {
  // What it returns is checked whenever it is asked.
  if (typeof key === 'function') return undefined;
  const blank =
    key === undefined || (typeof key === 'string' && key.trim() === '');
  if (!blank && typeof key !== 'string')
    return `must be a string holding a SendGrid API key, or a function that returns one, but its type is ${typeof key}`;
  if (!blank) return apiKeyProblem(key);
  return root instanceof RootOptions && needsKey(root)
    ? 'is required: give a SendGrid API key with Mail Send permission; when it comes from an environment variable such as SENDGRID_API_KEY, that is unset or empty here'
    : undefined;
}

/** An instance with tenants may send for them only. */
function needsKey({ mode, tenants }: RootOptions): boolean {
  return mode === 'smtp' && tenants === undefined;
}

function allowedFromProblem(list: unknown): string | undefined {
  return Array.isArray(list) && list.length === 0
    ? 'must name at least one address or domain: nobody could send; leave it out to allow every sender'
    : patternsProblem(list);
}

function protection(security: unknown, root: object): string | undefined {
  if (!(root instanceof RootOptions)) return undefined;
  // No region's host is loopback, and an invalid host is its own problem.
  const host = typeof root.host === 'string' ? root.host : '';
  return securityProblem(security, root.port, host);
}
