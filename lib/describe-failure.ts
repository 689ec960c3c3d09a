import { isMailError } from './errors/mail-error.js';
import { Masking } from './options/masking.js';

/** One log line's worth of a failed send: no secret and no body. */
export function describeFailure(
  error: unknown,
  masking = new Masking(false),
): string {
  const code = isMailError(error) ? `${error.code}: ` : '';
  const cause = error instanceof Error ? causeOf(error) : '';
  const text = `${code}${messageOf(error)}${cause}`;
  return masking.text(text).replaceAll(/\s+/g, ' ');
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? ` (${messageOf(cause)})` : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
