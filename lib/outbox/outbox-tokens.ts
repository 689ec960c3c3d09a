// Strings, so that Nest can print them and every copy of the package agrees.

/** Name of the outbox that is configured without one. */
export const DEFAULT_OUTBOX = 'default';

/** Token of an outbox's options as the application gave them, wrapped. */
export function outboxOptionsToken(name: string): string {
  return `MailOutboxOptions:${name}`;
}

/** Token of the class that makes an outbox's options. */
export function outboxOptionsFactoryToken(name: string): string {
  return `MailOutboxOptionsFactory:${name}`;
}

/** Token of what starts and stops an outbox, and holds its parts. */
export function outboxLifecycleToken(name: string): string {
  return `MailOutboxLifecycle:${name}`;
}
