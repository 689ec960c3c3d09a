import { SECRET_HINT } from './secret-pattern.js';

const LONGEST = 40;

/** Letters in a row that a text may not share with the key. */
const RUN = 8;

/** Tells whether a text may hold a secret, or a part of the given key. */
function holdsSecret(text: string, key: string): boolean {
  if (SECRET_HINT.test(text)) return true;
  const [low, lowKey] = [text.toLowerCase(), key.toLowerCase()];
  for (let start = 0; start === 0 || start + RUN <= key.length; start += 1) {
    const run = lowKey.slice(start, start + RUN);
    if (run !== '' && low.includes(run)) return true;
  }
  return false;
}

/** A value as a problem may print it: short, on one line, without secrets. */
export function shownValue(value: unknown, key: string): string {
  if (typeof value === 'string') {
    return holdsSecret(value, key)
      ? 'a text that is not shown because it may hold a secret'
      : shorten(JSON.stringify(value));
  }
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'symbol' ? 'a symbol' : shorten(String(value));
}

/** The name of an option as a problem may print it. */
export function shownName(name: string, key: string): string {
  if (holdsSecret(name, key)) return '[redacted]';
  const plain = JSON.stringify(name).slice(1, -1);
  return shorten(plain.replaceAll('`', "'"));
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
