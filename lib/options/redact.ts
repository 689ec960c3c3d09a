import { SECRET_START } from './secret-pattern.js';

const REDACTED = '[redacted]';

const LOCAL_PART = /(?:"(?:[^"\\]|\\.)*"|[^\s<>"'`(),:;@][^\s<>"(),:;@]*)@/g;

/**
 * Cuts a text where an API key begins. All that follows goes, since a key may
 * be wrapped over lines.
 */
export function redactSecrets(text: string): string {
  const start = text.search(SECRET_START);
  return start === -1 ? text : text.slice(0, start) + REDACTED;
}

/** Leaves the domain of every address in a text only. */
export function redactAddresses(text: string): string {
  return text.replace(LOCAL_PART, '***@');
}

/** Leaves the domain of one address only. */
export function maskRecipient(address: string): string {
  const at = address.lastIndexOf('@');
  return at === -1 ? '***' : `***${address.slice(at)}`;
}

/** Copies an error without secrets and without its further properties. */
export function redactedError(thrown: unknown): Error {
  if (!(thrown instanceof Error))
    return new Error(redactSecrets(String(thrown)));
  const copy = new Error(redactSecrets(thrown.message));
  copy.name = redactSecrets(thrown.name);
  copy.stack = [`${copy.name}: ${copy.message}`, ...framesOf(thrown)].join(
    '\n',
  );
  return copy;
}

function framesOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n');
  return lines.filter((line) => /^\s+at /.test(line)).map(redactSecrets);
}
