import type { Log } from './options/log.js';
import { resolveOptions } from './options/resolve-options.js';
import type { MailInstance } from './transport/mail-instance.js';
import { openInstance } from './transport/open-instance.js';

/** Makes the mail instances of an application. */
export interface InstanceOpener {
  /**
   * Opens an instance by the options that it was given, unchecked.
   *
   * @throws InvalidOptionsError listing every problem
   */
  open(given: unknown, name: string, log: Log): MailInstance;
}

/** Opens instances as their options say. */
export const OPENER: InstanceOpener = {
  open: (given, name, log) => openInstance(resolveOptions(given), name, log),
};
