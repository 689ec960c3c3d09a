import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { ModuleRef, ModulesContainer } from '@nestjs/core';
import { findInstance } from '../find-instance.js';
import { INSTANCE_OPENER } from '../instance-tokens.js';
import type { Log } from '../options/log.js';
import type { LiveStreams } from './http/live-streams.js';
import type { Mailbox } from './mailbox.js';
import {
  invalidMailboxOptions,
  type ResolvedMailboxOptions,
} from './options/resolve-mailbox-options.js';

/** What a {@link MailboxLifecycle} starts and stops. */
export interface MailboxParts {
  readonly options: ResolvedMailboxOptions;
  readonly path: string;
  readonly mailbox: Mailbox;
  readonly streams: LiveStreams;
  readonly log: Log;
}

/** Checks that a mailbox can do its work, says what it does, and lets the server close. */
export class MailboxLifecycle
  implements OnModuleInit, BeforeApplicationShutdown
{
  readonly #parts: MailboxParts;
  readonly #modules: ModulesContainer;
  readonly #ref: ModuleRef;

  constructor(parts: MailboxParts, modules: ModulesContainer, ref: ModuleRef) {
    this.#parts = parts;
    this.#modules = modules;
    this.#ref = ref;
  }

  onModuleInit(): void {
    this.#refuseSecond();
    const { path, options, log } = this.#parts;
    const { instances = [], deliver, allowRemote } = options;
    for (const name of instances) findInstance(this.#ref, name);
    log.info(
      `Mail is shown at /${path}, below the application's prefix if it has one.`,
    );
    if (deliver) log.warn('`deliver` is on: mail is sent as well as shown.');
    else log.warn('Mail is not sent: set `deliver: true` to send it too.');
    if (allowRemote) log.warn('`allowRemote` is on: other machines may ask.');
  }

  /** The server waits for its connections to end. */
  beforeApplicationShutdown(): void {
    this.#parts.mailbox.close();
    this.#parts.streams.close();
  }

  #refuseSecond(): void {
    const modules = [...this.#modules.values()];
    const own = modules.filter(({ providers }) =>
      providers.has(INSTANCE_OPENER),
    );
    if (own.length < 2) return;
    const problem = `was imported ${own.length} times: one mailbox shows every instance, so import it once`;
    throw invalidMailboxOptions([{ option: 'MailboxModule', problem }]);
  }
}
