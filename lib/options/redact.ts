import type { Secret } from './secret.js';
import { SECRET_START } from './secret-pattern.js';

const REDACTED = '[redacted]';

const LOCAL_PART = /(?:"[^"]*"|[^\s<>"'`(),:;@]+)@/g;

/**
 * Cuts a text where an API key begins. All that follows goes, since a key may
 * be wrapped over lines. A `known` key is found whatever its shape.
 */
export function redactSecrets(text: string, known?: Secret): string {
  const shown =
    known === undefined ? text : text.replaceAll(known.reveal(), REDACTED);
  const start = shown.search(SECRET_START);
  return start === -1 ? shown : shown.slice(0, start) + REDACTED;
}

/** Leaves the domain of every address in a text only. */
export function redactAddresses(text: string): string {
  return text.replace(LOCAL_PART, '***@');
}

/** Copies an error without secrets and without its further properties. */
export function redactedError(thrown: unknown, known?: Secret): Error {
  if (!(thrown instanceof Error))
    return new Error(redactSecrets(String(thrown), known));
  const copy = new Error(redactSecrets(thrown.message, known));
  copy.name = redactSecrets(thrown.name);
  copy.stack = [`${copy.name}: ${copy.message}`, ...framesOf(thrown)].join(
    '\n',
  );
  return copy;
}

function framesOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n');
  return lines
    .filter((line) => /^\s+at /.test(line))
    .map((line) => redactSecrets(line));
}
