/** Token of the options as the application gave them, wrapped. */
export const MAILBOX_OPTIONS = 'SendGridMailboxOptions';

/** Token of the class that makes them. */
export const MAILBOX_OPTIONS_FACTORY = 'SendGridMailboxOptionsFactory';

/** Token of the path, without slashes at its ends. */
export const MAILBOX_PATH = 'SendGridMailboxPath';

/** Token of the options, checked. */
export const MAILBOX_RESOLVED = 'SendGridMailboxResolvedOptions';
