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

/** Token of an instance's line: its resolved options and its carrier. */
export function lineToken(name: string): string {
  return `SendGridSmtpLine:${name}`;
}

/** Token of what starts and stops an instance. */
export function lifecycleToken(name: string): string {
  return `SendGridSmtpLifecycle:${name}`;
}
