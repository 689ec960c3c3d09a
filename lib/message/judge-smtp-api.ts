import { headerValues } from './header-values.js';

type Rule = (value: unknown) => string | undefined;

const MAX_LINE = 1000;
const MAX_ADDRESSES = 10_000;
const MAX_CATEGORIES = 10;

/** What SendGrid documents of each field; it ignores names that it does not know. */
const RULES: Readonly<Record<string, Rule>> = {
  to: (value) =>
    areTexts(value)
      ? longest(value, MAX_ADDRESSES, 'addresses')
      : 'must be a list of addresses',
  sub: (value) =>
    hasAll(value, areTexts) ? undefined : 'must hold lists of texts by tag',
  section: (value) => (hasAll(value, isText) ? undefined : 'must hold texts'),
  unique_args: (value) =>
    hasAll(value, isText) ? undefined : 'must hold texts by name',
  category: (value) =>
    isText(value) || areTexts(value)
      ? longest([value].flat(), MAX_CATEGORIES, 'categories')
      : 'must be a text or a list of texts',
  filters: (value) =>
    hasAll(value, (filter) => isObject(filter) && isObject(filter['settings']))
      ? undefined
      : 'must hold objects with `settings`',
  send_at: (value) => (isWhole(value) ? undefined : 'must be a whole number'),
  send_each_at: (value) =>
    Array.isArray(value) && value.every(isWhole)
      ? undefined
      : 'must be a list of whole numbers',
  asm_group_id: (value) =>
    isWhole(value) ? undefined : 'must be a whole number',
  ip_pool: (value) => (isText(value) ? undefined : 'must be a text'),
};

/**
 * Why SendGrid would take a message's X-SMTPAPI header for invalid, and drop
 * the message; undefined when it would not, or there is none. Of several
 * headers the first counts.
 */
export function smtpApiProblem(raw: Buffer): string | undefined {
  const [value] = headerValues(raw, 'x-smtpapi');
  if (value === undefined) return undefined;
  if (value.split('\r\n').some((line) => line.length > MAX_LINE)) {
    return `A line of it has more than ${MAX_LINE} characters.`;
  }
  const content = parsed(value);
  if (!isObject(content)) return 'It is no JSON object.';
  for (const [name, rule] of Object.entries(RULES)) {
    if (!Object.hasOwn(content, name)) continue;
    const problem = rule(content[name]);
    if (problem !== undefined) return `\`${name}\` ${problem}.`;
  }
  return undefined;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value.replaceAll('\r\n', ''));
  } catch {
    return undefined;
  }
}

function longest(
  list: readonly unknown[],
  most: number,
  what: string,
): string | undefined {
  return list.length > most
    ? `has ${list.length} ${what}, and ${most} are the most`
    : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasAll(value: unknown, check: (one: unknown) => boolean): boolean {
  return isObject(value) && Object.values(value).every(check);
}

function areTexts(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every(isText);
}

/** SendGrid takes numbers for texts. */
function isText(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function isWhole(value: unknown): boolean {
  return Number.isInteger(value);
}
