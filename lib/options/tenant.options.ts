import type { SendGridSmtpMailDefaults } from './mail-defaults.js';
import type { SendGridSmtpPoolOptions } from './pool.options.js';

/** Defaults of a tenant: `null` removes one of the instance's. */
export type SendGridSmtpTenantDefaults = {
  readonly [Field in keyof SendGridSmtpMailDefaults]:
    SendGridSmtpMailDefaults[Field] | null;
};

/**
 * What is a tenant's own, for the option `tenants`. All else is as the
 * instance has it, and counted for each tenant on its own.
 */
export interface SendGridSmtpTenantOptions {
  /**
   * The tenant's SendGrid API key, or a function that gives it, which may be
   * async. Required when `mode` is `smtp`: the instance's own key is never
   * used instead.
   */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined;

  /**
   * Where the tenant's account lives. An instance's `host` wins.
   *
   * @defaultValue the instance's
   */
  readonly region?: 'global' | 'eu' | undefined;

  /**
   * Laid over the instance's defaults field by field, headers and the fields
   * of `sendgrid` one by one; `null` removes one.
   */
  readonly defaults?: SendGridSmtpTenantDefaults | undefined;

  /** Laid over the instance's, option by option. */
  readonly pool?: SendGridSmtpPoolOptions | undefined;

  /**
   * Who may send for the tenant, instead of the instance's list.
   *
   * @defaultValue the instance's
   */
  readonly allowedFrom?: readonly string[] | undefined;
}

/** Tells what is a tenant's own; at once, since `apiKey` may be async. */
export type SendGridSmtpTenantsFunction = (
  tenant: string,
) => SendGridSmtpTenantOptions;
