import type {
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
  OnModuleInit,
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
import { fleetOfTenants, fleetTwice } from './outbox-errors.js';
import { OutboxFleet } from './outbox-fleet.js';
import { OutboxNews } from './outbox-news.js';
import { JobStore } from './store/job-store.js';
import { OutboxWorker } from './worker/outbox-worker.js';
import { UncertainSweep } from './worker/uncertain-sweep.js';
import { WorkerFleet } from './worker/worker-fleet.js';

/** How often what was kept for long enough is removed, in milliseconds. */
const TIDY_MS = 60_000;

/** What a job may take after its message has ended, in milliseconds. */
const AFTERWARDS_MS = 5000;

/** Starts and stops one outbox: its store, and its worker if it has one. */
export class OutboxLifecycle
  implements
    OnModuleInit,
    OnApplicationBootstrap,
    OnModuleDestroy,
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
  #sweeping: NodeJS.Timeout | undefined;
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

  /** Before any worker has started. */
  onModuleInit(): void {
    const { role, fleet, instance } = this.#options;
    if (role === 'producer' || fleet === undefined) return;
    limitByFleet(findInstance(this.#modules, instance), instance);
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
    this.#startSweeping();
  }

  /** Before the mail instance fails what is held by a pause. */
  onModuleDestroy(): void {
    clearInterval(this.#tidying);
    clearInterval(this.#sweeping);
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

  #startSweeping(): void {
    const options = this.#options;
    const parts = { options, store: this.#store, outbox: this.outbox };
    const sweep = new UncertainSweep(parts);
    const everyMs = Math.min(TIDY_MS, options.reconcileMs / 4);
    this.#sweeping = setInterval(() => {
      sweep.run().catch(nextTime);
    }, everyMs).unref();
  }

  #tidy(): void {
    this.#store.tidy().catch(nextTime);
  }
}

/** Mail instances that keep to a share of some fleet. */
const IN_FLEETS = new WeakSet<MailInstance>();

/** @throws InvalidOptionsError for what a share would not limit, or two would */
function limitByFleet(instance: MailInstance, name: string): void {
  if (instance.options.tenants) throw fleetOfTenants();
  if (IN_FLEETS.has(instance)) throw fleetTwice(name);
  IN_FLEETS.add(instance);
}

// The trouble is told by others.
function nextTime(): void {}
