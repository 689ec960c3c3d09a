import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { findInstance } from '../find-instance.js';
import { DEFAULT_INSTANCE } from '../instance-tokens.js';
import { MailTelemetry } from './mail-telemetry.js';

/** The argument of `MailTelemetryModule.forRoot`. */
export interface MailTelemetryOptions {
  /**
   * Name of the instance that is measured and traced.
   *
   * @defaultValue `'default'`
   */
  readonly name?: string | undefined;
}

/**
 * Measures and traces an instance with OpenTelemetry: `docs/telemetry.md`
 * lists the metrics and the spans. OpenTelemetry's SDK has to be started before
 * Nest is, as it asks for itself.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [SendGridSmtpModule.forRoot(options), MailTelemetryModule.forRoot()],
 * })
 * export class AppModule {}
 * ```
 */
@Module({})
export class MailTelemetryModule {
  /** Instruments one instance; import it once for each. */
  static forRoot(options: MailTelemetryOptions = {}): DynamicModule {
    const { name = DEFAULT_INSTANCE } = options;
    const provider: Provider = {
      provide: `MailTelemetry:${name}`,
      inject: [ModuleRef],
      useFactory: (modules: ModuleRef) =>
        new MailTelemetry(name, () => findInstance(modules, name)),
    };
    return { module: MailTelemetryModule, providers: [provider] };
  }
}
