import { isDeepStrictEqual } from 'node:util';
import {
  InvalidOptionsError,
  type OptionProblem,
} from '../errors/invalid-options.error.js';
import { resolveOptions } from '../options/resolve-options.js';
import { Secret } from '../options/secret.js';
import { TENANT_OPTIONS, tenantInput } from '../options/tenant-input.js';
import type {
  SendGridSmtpTenantOptions,
  SendGridSmtpTenantsFunction,
} from '../options/tenant.options.js';
import type { MailerOptions, TransportType } from './mailer-options.js';
import { present } from './present.js';
import { nameInTransport, relayOptions } from './relay-options.js';
import type { MailerTemplateSettings } from './template-adapter.js';

type Fields = Readonly<Record<string, unknown>>;

/** Pools are made on first use and closed with their transport: no need for a bound. */
const MAX_TRANSPORTS = 10_000;

/**
 * The options of one `MailerModule`: an instance of this package, of which the
 * named transports are the tenants.
 */
export class MailerSetup {
  readonly #options: Secret<MailerOptions>;
  readonly #named: Map<string, TransportType>;
  #instance: Fields | undefined;

  /** What template adapters may see of the options. */
  readonly templates: MailerTemplateSettings;

  /** Milliseconds after which a send is given up, unless it says otherwise. */
  readonly sendTimeout: number | undefined;

  constructor(options: MailerOptions) {
    // Untyped callers may give none.
    const { template, options: layout, i18n } = options ?? {};
    this.#options = new Secret(options ?? {});
    this.#named = new Map(Object.entries(options?.transports ?? {}));
    this.templates = { template, options: layout, i18n };
    this.sendTimeout = options?.sendTimeout;
  }

  /** Whether there is a transport for messages that name none. */
  get hasDefault(): boolean {
    return this.#options.reveal().transport !== undefined;
  }

  /** Whether something was asked for that is not to be had here. */
  get previews(): boolean {
    return Boolean(this.#options.reveal().preview);
  }

  /** The names of the named transports. */
  get names(): readonly string[] {
    return [...this.#named.keys()];
  }

  /**
   * The options of the instance, checked in the application's words.
   *
   * @throws InvalidOptionsError
   */
  instanceOptions(): object {
    const { transport } = this.#options.reveal();
    const [first] = this.#named;
    if (transport === undefined && first === undefined) throw noTransport();
    const [path, given] =
      transport === undefined && first !== undefined
        ? [`transports.${first[0]}`, first[1]]
        : ['transport', transport];
    const relay = fieldsOf(given, path);
    const instance = this.#withCommon(relay, transport === undefined);
    this.#instance = instance;
    check({ ...instance, tenants: undefined, apiKey: relay['apiKey'] }, path);
    for (const name of this.names) this.#check(name);
    return instance;
  }

  /** Adds a transport, or replaces one. */
  add(name: string, transport: TransportType): void {
    const before = this.#named.get(name);
    this.#named.set(name, transport);
    try {
      this.#check(name);
    } catch (error) {
      if (before === undefined) this.#named.delete(name);
      else this.#named.set(name, before);
      throw error;
    }
  }

  remove(name: string): boolean {
    return this.#named.delete(name);
  }

  #withCommon(relay: Fields, keyless: boolean): Fields {
    const given = this.#options.reveal();
    const { defaults, plugins, rateLimit, verifyTransporters } = given;
    const { apiKey, ...keyed } = relay;
    const common = present({
      defaults,
      plugins,
      verifyOnStart: verifyTransporters === true ? 'warn' : undefined,
      rateLimit: rateLimit && {
        messages: rateLimit.maxMessages,
        perMs: rateLimit.period ?? 1000,
      },
      maxTenants: MAX_TRANSPORTS,
    });
    const key = keyless || apiKey === undefined ? {} : { apiKey };
    const tenants = this.#tenants(relay['tenants']);
    return { ...common, ...keyed, ...key, tenants };
  }

  /** The named transports, and those that the application has of its own. */
  #tenants(others: unknown): SendGridSmtpTenantsFunction {
    return (name) =>
      typeof others === 'function' && !this.#named.has(name)
        ? others(name)
        : this.#own(name);
  }

  /** What is a named transport's own. */
  #own(name: string): SendGridSmtpTenantOptions {
    const given = this.#named.get(name);
    if (given === undefined) throw new Error('There is no such transport.');
    return Object.fromEntries(
      Object.entries(fieldsOf(given, `transports.${name}`)).filter(([field]) =>
        TENANT_OPTIONS.has(field),
      ),
    );
  }

  #check(name: string): void {
    const path = `transports.${name}`;
    const instance = this.#instance;
    // A test has put an instance of its own in its place.
    if (instance === undefined) return;
    const fields = fieldsOf(this.#named.get(name), path);
    const problems = Object.keys(fields)
      .filter((field) => !TENANT_OPTIONS.has(field))
      .filter((field) => !isDeepStrictEqual(fields[field], instance[field]))
      .concat(isElsewhere(fields, instance) ? ['host'] : [])
      .map((field) => notShared(nameInTransport(field, path)));
    if (problems.length > 0) throw new InvalidOptionsError(problems);
    check(tenantInput(instance, this.#own(name)), path);
  }
}

/** A host of the instance's own would win over the region. */
function isElsewhere(fields: Fields, instance: Fields): boolean {
  return 'region' in fields && 'host' in instance;
}

function fieldsOf(given: unknown, path: string): Fields {
  return Object.fromEntries(Object.entries(relayOptions(given, path)));
}

function check(options: object, path: string): void {
  try {
    resolveOptions(options);
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    throw new InvalidOptionsError(
      error.problems.map(({ option, problem }) => ({
        option: /^(?:defaults|plugins)\b/.test(option)
          ? option
          : nameInTransport(option, path),
        problem,
      })),
    );
  }
}

function notShared(option: string): OptionProblem {
  return {
    option,
    problem:
      'must be as it is for the other transports, which share the relay: for another one import SendGridSmtpModule with a `name`, and send with that as `transporterName`',
  };
}

function noTransport(): InvalidOptionsError {
  return new InvalidOptionsError([
    {
      option: 'transport',
      problem:
        "is required: give nodemailer's options of SendGrid's relay, or this package's own (an object with `apiKey`)",
    },
  ]);
}
