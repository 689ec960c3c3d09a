import type { SendGridSmtpOptions } from '../../lib/options/sendgrid-smtp-options.js';
import { KEY, type Target } from './contestant.js';

/** This library's options for a target: its defaults wherever it has any. */
export function ownOptions(target: Target): SendGridSmtpOptions {
  const { host, port, security, ca, connections, cap, idleMs } = target;
  const minConnections = target.allOpen === true ? connections : 0;
  return {
    apiKey: KEY,
    host,
    port,
    security,
    ...(ca === undefined ? {} : { tls: { ca } }),
    pool: {
      maxConnections: connections,
      minConnections,
      ...(cap === undefined ? {} : { maxMessagesPerConnection: cap }),
      ...(idleMs === undefined ? {} : { idleTimeoutMs: idleMs }),
    },
  };
}
