import { MailError } from '../errors/mail-error.js';
import { NoKeyError } from '../options/no-key-error.js';
import type { ConnectionError } from '../smtp/connection-error.js';

/** Why nothing can be sent while no connection can be set up. */
export function noConnection(cause: ConnectionError): MailError {
  if (cause.credentialsRefused) return keyRefused(cause);
  return cause.cause instanceof NoKeyError
    ? noKey(cause, cause.cause)
    : relayUnavailable(cause);
}

/** The key's function has given none yet. */
function noKey(cause: ConnectionError, reason: NoKeyError): MailError {
  const message = `There is no API key, so nothing was sent. ${reason.message}.`;
  return reason.malformed
    ? new MailError('ACCOUNT', message, { scope: 'account', cause })
    : new MailError('RELAY_UNAVAILABLE', message, {
        scope: 'connection',
        retryable: true,
        cause,
      });
}

/** No connection to the relay can be had, and the time to wait for one is over. */
export function relayUnavailable(cause: ConnectionError): MailError {
  return new MailError(
    'RELAY_UNAVAILABLE',
    `The SendGrid relay cannot be reached (${cause.message}), so nothing was sent. ${adviceOn(cause)}`,
    { scope: 'connection', retryable: true, reply: cause.reply, cause },
  );
}

function adviceOn({ stage }: ConnectionError): string {
  return stage === 'tls'
    ? 'Check `port` and `security` (465 is implicit TLS, the other ports STARTTLS), and `tls.ca` where the certificate is your own.'
    : 'Check the network, `host` and `port`; ports 587 and 25 are often blocked by cloud providers, 2525 seldom is.';
}

/** The relay refuses the key. */
export function keyRefused(cause: ConnectionError): MailError {
  return new MailError(
    'ACCOUNT',
    'SendGrid refused the API key, so nothing was sent. Check that the key exists, is complete (the whole of `SG.<id>.<secret>`, not its ID), has the Mail Send permission and belongs to this region.',
    {
      scope: 'account',
      reply: cause.reply,
      command: 'AUTH',
      cause,
    },
  );
}

/** A message has been handed from connection to connection in vain. */
export function keepsFailing(cause: ConnectionError): MailError {
  return new MailError(
    'RELAY_UNAVAILABLE',
    `Every connection this message was given to was lost before it could be sent (latest: ${cause.message}).`,
    { scope: 'connection', retryable: true, reply: cause.reply, cause },
  );
}

/** A stream that can be read once was cut off. */
export function streamSpent(cause: ConnectionError): MailError {
  return new MailError(
    'RELAY_UNAVAILABLE',
    `The connection was lost while the content of the message was read from a stream, which cannot be read again (${cause.message}). Nothing was sent. Give \`() => Readable\` instead of a Readable to have it opened anew.`,
    { scope: 'connection', cause },
  );
}
