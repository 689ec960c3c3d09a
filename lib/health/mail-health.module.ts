import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { MailHealthIndicator } from './mail-health.indicator.js';

/**
 * Provides {@link MailHealthIndicator} for every mail instance of the
 * application.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [TerminusModule, MailHealthModule],
 *   controllers: [HealthController],
 * })
 * export class HealthModule {}
 * ```
 */
@Module({
  imports: [TerminusModule],
  providers: [MailHealthIndicator],
  exports: [MailHealthIndicator],
})
export class MailHealthModule {}
