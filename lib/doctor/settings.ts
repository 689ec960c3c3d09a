import type { Security } from '../options/resolved-options.js';
import type { Secret } from '../options/secret.js';

/** SendGrid's ports, the usual one first. */
export const SENDGRID_PORTS: readonly number[] = [587, 2525, 465, 25];

/** What the doctor looks at, and how. */
export interface DoctorSettings {
  /** The key; absent when there is none. */
  readonly key: Secret | undefined;

  /** Where the key was looked for. */
  readonly keyName: string;

  /** Whether to log in. */
  readonly auth: boolean;

  readonly region: string | undefined;
  readonly host: string | undefined;

  /** The ports to try, the one in use first. */
  readonly ports: readonly number[];

  /** Instead of what the port stands for. */
  readonly security: Security | undefined;

  /** PEM of a further authority. */
  readonly ca: string | undefined;

  /** How long each step may take, in milliseconds. */
  readonly timeoutMs: number;

  /** How many connections the application is configured to open. */
  readonly maxConnections: number | undefined;
}
