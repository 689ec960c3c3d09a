import { isMailError } from './errors/mail-error.js';
import { redactAddresses, redactSecrets } from './options/redact.js';

/**
 * One log line's worth of a failed send: no secret, no body, and of addresses
 * the domain only.
 */
export function describeFailure(error: unknown): string {
  const code = isMailError(error) ? `${error.code}: ` : '';
  const cause = error instanceof Error ? causeOf(error) : '';
  const text = `${code}${messageOf(error)}${cause}`;
  return redactAddresses(redactSecrets(text)).replaceAll(/\s+/g, ' ');
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? ` (${messageOf(cause)})` : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
