import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { isMailError } from '../errors/mail-error.js';
import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import { findInstance } from '../find-instance.js';
import { getMailServiceToken } from '../mail-service.token.js';
import type { TemplateRenderer } from '../options/template-renderer.js';
import { verifyTemplates } from '../render-message.js';
import type { MailInstance } from '../transport/mail-instance.js';
import { MailOutbox } from './mail-outbox.js';
import type { ResolvedFleetOptions } from './options/fleet.options.js';
import type { ResolvedOutboxOptions } from './options/resolve-outbox-options.js';
import { fleetOfTenants } from './outbox-errors.js';
import { OutboxFleet } from './outbox-fleet.js';
import { OutboxNews } from './outbox-news.js';
import { JobStore } from './store/job-store.js';
import { OutboxWorker } from './worker/outbox-worker.js';
import { WorkerFleet } from './worker/worker-fleet.js';

/** How often what was kept for long enough is removed, in milliseconds. */
const TIDY_MS = 60_000;

/** What a job may take after its message has ended, in milliseconds. */
const AFTERWARDS_MS = 5000;

/** Starts and stops one outbox: its store, and its worker if it has one. */
export class OutboxLifecycle
  implements
    OnApplicationBootstrap,
    BeforeApplicationShutdown,
    OnApplicationShutdown
{
  readonly #options: ResolvedOutboxOptions;
  readonly #modules: ModuleRef;
  readonly #store: JobStore;
  readonly #news = new OutboxNews();
  readonly #fleet: OutboxFleet;
  #worker: OutboxWorker | undefined;
  #share: WorkerFleet | undefined;
  #stopped: Promise<void> | undefined;
  #tidying: NodeJS.Timeout | undefined;
  readonly outbox: MailOutbox;

  constructor(options: ResolvedOutboxOptions, modules: ModuleRef) {
    this.#options = options;
    this.#modules = modules;
    this.#store = new JobStore(options, options, (error) =>
      this.#news.storeTrouble(error),
    );
    this.#fleet = new OutboxFleet(options, this.#store);
    const parts = [this.#store, this.#news, this.#fleet] as const;
    this.outbox = new MailOutbox(options, ...parts, () => this.#templates());
  }

  /** A store that loses mail stops the bootstrap; one that is down does not. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.#options.role !== 'producer') this.#worker = this.#makeWorker();
    await verifyTemplates(this.#options.templates);
    try {
      await this.#store.verify();
    } catch (error) {
      if (isMailError(error) && error.code === 'INVALID_OPTIONS') throw error;
      this.#news.storeTrouble(error);
    }
    if (this.#worker === undefined) return;
    this.#worker.start();
    await this.#share?.start();
    this.#tidying = setInterval(() => this.#tidy(), TIDY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#tidying);
    this.#stopped ??= this.#stop();
  }

  /** HTTP handlers may have enqueued until now. */
  async onApplicationShutdown(): Promise<void> {
    this.#stopped ??= this.#stop();
    await this.#stopped;
    await this.#leaveFleet();
    await this.#store.close();
    this.#news.end();
  }

  async #stop(): Promise<void> {
    if (this.#worker === undefined) return;
    this.#share?.leaveJobs();
    const { instance } = this.#options;
    const { shutdown } = findInstance(this.#modules, instance).options;
    await this.#worker.stop(shutdown.timeoutMs + AFTERWARDS_MS);
  }

  /** A producer may have no mail instance. */
  #templates(): TemplateRenderer | undefined {
    const { templates, instance } = this.#options;
    try {
      return (
        templates ?? findInstance(this.#modules, instance).options.templates
      );
    } catch (error) {
      if (error instanceof InvalidOptionsError) return undefined;
      throw error;
    }
  }

  #makeWorker(): OutboxWorker {
    const { instance: name } = this.#options;
    const instance = findInstance(this.#modules, name);
    const mail = this.#modules.get(getMailServiceToken(name), {
      strict: false,
    });
    const route = { instance, mail };
    const { fleet } = this.#options;
    if (fleet && instance.options.tenants) throw fleetOfTenants();
    const parts = [this.#store, this.#news] as const;
    const worker = new OutboxWorker(this.#options, route, ...parts);
    if (fleet) this.#share = this.#shareOf(fleet, instance, worker);
    return worker;
  }

  #shareOf(
    options: ResolvedFleetOptions,
    instance: MailInstance,
    worker: OutboxWorker,
  ): WorkerFleet {
    const store = this.#store;
    const { log } = this.#news;
    const share = new WorkerFleet({ options, instance, worker, store, log });
    this.#fleet.join(share.fleet);
    return share;
  }

  /** What the mail instance still has needs the share until it is gone. */
  async #leaveFleet(): Promise<void> {
    if (this.#share === undefined) return;
    await findInstance(this.#modules, this.#options.instance).drain();
    await this.#share.stop();
  }

  #tidy(): void {
    // What is not removed now is next time; the trouble is told by others.
    this.#store.tidy().catch(() => undefined);
  }
}
