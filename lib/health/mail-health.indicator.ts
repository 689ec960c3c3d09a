import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  HealthIndicatorService,
  type HealthIndicatorResult,
  type HealthIndicatorStatus,
} from '@nestjs/terminus';
import { findInstance } from '../find-instance.js';
import { DEFAULT_INSTANCE } from '../instance-tokens.js';
import type { MailLine } from '../transport/mail-line.js';
import { healthDataOf, type MailHealthData } from './mail-health-data.js';
import type { MailHealthOptions, MailTrouble } from './mail-health.options.js';
import { NoopProbe } from './noop-probe.js';

const PROBE_INTERVAL_MS = 30_000;

/** What terminus 11 and 12 can say; `degraded` is new in 12. */
interface Verdicts<Key extends string> {
  up(data: MailHealthData): MailHealthResult<Key>;
  down(data: MailHealthData): MailHealthResult<Key>;
  degraded?(data: MailHealthData): MailHealthResult<Key>;
}

/** What the indicator answers: its status and what it tells of the instance. */
export type MailHealthResult<Key extends string> = HealthIndicatorResult<
  Key,
  HealthIndicatorStatus,
  MailHealthData
>;

/**
 * Tells terminus how mail does. For readiness only, never for liveness: a
 * restart loses the queue.
 *
 * It reads what the instance knows already. At most every `probeIntervalMs` it
 * has a NOOP sent on a connection that is open and idle; it never opens one and
 * never logs in.
 *
 * @example
 * ```ts
 * @Get('ready')
 * @HealthCheck()
 * ready() {
 *   return this.health.check([() => this.mail.check('mail')]);
 * }
 * ```
 */
@Injectable()
export class MailHealthIndicator {
  readonly #probes = new WeakMap<MailLine, NoopProbe>();

  /** @internal */
  constructor(
    private readonly modules: ModuleRef,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /**
   * `up` while nothing is wrong, `down` for what `failOn` names; for anything
   * else `degraded`, which with terminus 11 is `up`. The data says what.
   *
   * @param key - under which the result is shown
   * @throws InvalidOptionsError when there is no instance of that name
   */
  async check<const Key extends string>(
    key: Key,
    options: MailHealthOptions = {},
  ): Promise<MailHealthResult<Key>> {
    const { name = DEFAULT_INSTANCE, failOn = [] } = options;
    const { probeIntervalMs = PROBE_INTERVAL_MS } = options;
    const line = findInstance(this.modules, name).open();
    const probe = this.#probeOf(line);
    probe.ask(probeIntervalMs);
    const data = healthDataOf(line, probe.latest);
    return verdict(this.indicators.check(key), data, failOn);
  }

  #probeOf(line: MailLine): NoopProbe {
    const known = this.#probes.get(line) ?? new NoopProbe(line.carrier);
    this.#probes.set(line, known);
    return known;
  }
}

function verdict<Key extends string>(
  session: Verdicts<Key>,
  data: MailHealthData,
  failOn: readonly MailTrouble[],
): MailHealthResult<Key> {
  const { troubles } = data;
  if (troubles.length === 0) return session.up(data);
  if (troubles.some((trouble) => failOn.includes(trouble))) {
    return session.down(data);
  }
  return session.degraded?.(data) ?? session.up(data);
}
