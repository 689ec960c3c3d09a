import type { SendGridSmtpModuleOptions } from 'nestjs-sendgrid-smtp';

/** A key of SendGrid's shape that no account has. */
export const API_KEY = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;

/** What shows that the key has leaked, in part too. */
export const LEAK = /SG\.a|a{22}|b{43}/;

/** A configuration that sends nothing. */
export const CAPTURE = {
  mode: 'capture',
  defaults: { from: 'Shop <shop@example.com>' },
} as const satisfies SendGridSmtpModuleOptions;

/** A message that is complete with the defaults of {@link CAPTURE}. */
export const MESSAGE = {
  to: 'ada@example.net',
  subject: 'Hello',
  text: 'Hi Ada',
} as const;
