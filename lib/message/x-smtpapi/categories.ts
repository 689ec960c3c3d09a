import { listOf, refused, textOf } from './field-checks.js';

const MAX_CATEGORIES = 10;
const MAX_CHARACTERS = 255;

/** One category, which events show as a string, or a list of them. */
export function categoriesOf(
  value: unknown,
  path: string,
): string | readonly string[] {
  if (typeof value === 'string') return categoryOf(value, path);
  const list = listOf(value, path);
  if (list.length > MAX_CATEGORIES) {
    throw refused(
      path,
      `holds ${list.length} categories; SendGrid takes ${MAX_CATEGORIES}.`,
    );
  }
  return list.map((item, i) => categoryOf(item, `${path}[${i}]`));
}

function categoryOf(value: unknown, path: string): string {
  const text = textOf(value, path);
  if (text.length >= 1 && text.length <= MAX_CHARACTERS) return text;
  throw refused(
    path,
    `must have 1 to ${MAX_CHARACTERS} characters, not ${text.length}.`,
  );
}
