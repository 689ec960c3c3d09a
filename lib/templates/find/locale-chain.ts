import { excerpt, invalidMessage } from '../../message/invalid-message.js';

/** The longest language tag that is looked at. */
const LONGEST = 35;

/**
 * The locales to look for in turn: the wanted one, what it is a part of, the
 * same of the fallback, and at last none (`undefined`).
 *
 * @throws MailError `INVALID_MESSAGE` for what is no language tag
 */
export function localeChain(
  wanted: string | undefined,
  fallback: string | undefined,
): (string | undefined)[] {
  const chain = [wanted, fallback].flatMap((locale) =>
    locale === undefined ? [] : partsOf(locale),
  );
  return [...new Set(chain), undefined];
}

/** A language tag as BCP 47 writes it, or nothing for what is none. */
export function canonicalLocale(locale: string): string | undefined {
  if (locale.length > LONGEST) return undefined;
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0];
  } catch {
    // It throws for what is no tag.
    return undefined;
  }
}

function partsOf(locale: string): string[] {
  const tag = canonicalLocale(locale);
  if (tag === undefined) {
    throw invalidMessage(
      `\`locale\` is ${excerpt(locale)}, which is no language tag. Give one such as \`de\` or \`de-AT\`.`,
    );
  }
  const words = tag.split('-');
  return words.map((_, n) => words.slice(0, words.length - n).join('-'));
}
