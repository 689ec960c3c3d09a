import type {
  BeforeApplicationShutdown,
  OnApplicationShutdown,
  OnModuleInit,
} from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { ModuleRef, ModulesContainer } from '@nestjs/core';
import { findInstance } from '../find-instance.js';
import { DEFAULT_INSTANCE, instanceToken } from '../instance-tokens.js';
import type { Log } from '../options/log.js';
import { discoverHandlers } from './handlers/discover-handlers.js';
import type { EventFlow } from './intake/event-flow.js';
import type { Intake } from './intake/intake.js';
import type { ResolvedWebhookOptions } from './options/resolve-webhook-options.js';

/** How long the shutdown waits for handlers, in milliseconds. */
const SHUTDOWN_MS = 10_000;

/** What a {@link WebhookLifecycle} starts and stops. */
export interface WebhookParts {
  readonly options: ResolvedWebhookOptions;
  readonly flow: EventFlow;
  readonly intake: Intake;
  readonly log: Log;
}

/** Finds who cares for events before the first one, and handles the last ones. */
export class WebhookLifecycle
  implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #parts: WebhookParts;
  readonly #modules: ModulesContainer;
  readonly #ref: ModuleRef;

  constructor(parts: WebhookParts, modules: ModulesContainer, ref: ModuleRef) {
    this.#parts = parts;
    this.#modules = modules;
    this.#ref = ref;
  }

  onModuleInit(): void {
    const { flow, log } = this.#parts;
    discoverHandlers(this.#modules, flow.handlers, (where) =>
      log.warn(
        `${where} is decorated with @OnSendGridEvent and never called: its class is made for each request.`,
      ),
    );
    for (const name of this.#instances) {
      flow.reconcilers.add(findInstance(this.#ref, name));
    }
  }

  /** While the database and the mail service that handlers use still work. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#handleRest();
  }

  /** What came until the HTTP server was closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.#handleRest();
    this.#parts.flow.close();
  }

  get #instances(): readonly string[] {
    const { instances } = this.#parts.options;
    if (instances !== undefined) return instances;
    const token = instanceToken(DEFAULT_INSTANCE);
    const all = [...this.#modules.values()];
    const isThere = all.some(({ providers }) => providers.has(token));
    return isThere ? [DEFAULT_INSTANCE] : [];
  }

  async #handleRest(): Promise<void> {
    const { flow, intake, log } = this.#parts;
    const timeout = new AbortController();
    const handled = intake
      .whenEmpty()
      .then(() => flow.whenIdle())
      .then(() => true);
    const inTime = await Promise.race([
      handled,
      delay(SHUTDOWN_MS, false, { signal: timeout.signal }).catch(() => true),
    ]);
    timeout.abort();
    if (inTime) return;
    log.warn(
      `Handlers of events took more than ${SHUTDOWN_MS} ms: ${intake.bytes} bytes of posts are lost.`,
    );
  }
}
