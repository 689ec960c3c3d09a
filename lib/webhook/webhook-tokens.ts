/** Token of the options as the application gave them, wrapped. */
export const WEBHOOK_OPTIONS = 'SendGridWebhookOptions';

/** Token of the class that makes them. */
export const WEBHOOK_OPTIONS_FACTORY = 'SendGridWebhookOptionsFactory';

/** Token of the options, checked. */
export const WEBHOOK_RESOLVED = 'SendGridWebhookResolvedOptions';

/** Token of what the platform is to read; `undefined` without a controller. */
export const WEBHOOK_READING = 'SendGridWebhookReading';

/** Token of what handles events. */
export const WEBHOOK_PARTS = 'SendGridWebhookParts';
