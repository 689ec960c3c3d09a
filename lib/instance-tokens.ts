/** Name of the instance that is configured without one. */
export const DEFAULT_INSTANCE = 'default';

// Strings, so that Nest can print them and every copy of the package agrees.

/** Token of an instance's options as the application gave them, wrapped. */
export function optionsToken(name: string): string {
  return `SendGridSmtpOptions:${name}`;
}

/** Token of the class that makes an instance's options. */
export function optionsFactoryToken(name: string): string {
  return `SendGridSmtpOptionsFactory:${name}`;
}

/** Token of an instance itself: its resolved options and what carries its mail. */
export function instanceToken(name: string): string {
  return `SendGridSmtpInstance:${name}`;
}

/**
 * Token of what opens the application's instances instead of the module, where
 * something provides it: the mailbox does.
 */
export const INSTANCE_OPENER = 'SendGridSmtpInstanceOpener';

/** Token of what starts and stops an instance. */
export function lifecycleToken(name: string): string {
  return `SendGridSmtpLifecycle:${name}`;
}
