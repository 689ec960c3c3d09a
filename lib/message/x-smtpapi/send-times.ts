import { listOf, refused } from './field-checks.js';

const MAX_AHEAD_S = 72 * 60 * 60;

/** A queue may hold a message that long; what is older is taken for a mistake. */
const MAX_PAST_S = 5 * 60;

// No time in seconds is as large for the next 3,000 years, and no time in milliseconds was as small since 1973.
const MILLISECONDS_FROM = 100_000_000_000;

/** The second at which to deliver. */
export function sendAtOf(value: unknown, path: string): number {
  const at = secondsOf(value, path);
  const ahead = at - Date.now() / 1000;
  if (ahead > MAX_AHEAD_S) {
    throw refused(
      path,
      'is more than 72 hours ahead, which SendGrid does not take.',
    );
  }
  if (ahead < -MAX_PAST_S) {
    throw refused(
      path,
      'is more than 5 minutes in the past. Leave it out to send at once.',
    );
  }
  return at;
}

/** The second at which to deliver to each recipient. */
export function sendEachAtOf(value: unknown, path: string): readonly number[] {
  return listOf(value, path).map((item, i) => sendAtOf(item, `${path}[${i}]`));
}

function secondsOf(value: unknown, path: string): number {
  const seconds =
    value instanceof Date ? Math.floor(value.getTime() / 1000) : value;
  if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds)) {
    throw refused(path, 'must be a UNIX time in whole seconds, or a Date.');
  }
  if (seconds >= MILLISECONDS_FROM) {
    throw refused(
      path,
      'looks like milliseconds: give seconds, `Math.floor(ms / 1000)`, or a Date.',
    );
  }
  return seconds;
}
