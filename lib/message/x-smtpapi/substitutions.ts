import { jsonOctets } from './ascii-json.js';
import { entriesOf, pathTo, refused, textOf } from './field-checks.js';

const MAX_OCTETS = 10_000;

/** What replaces each tag: a text for all, or one for each recipient. */
export type Substitutions = ReadonlyMap<string, string | readonly string[]>;

/** The substitutions of a message, each tag and text checked by itself. */
export function substitutionsOf(value: unknown, path: string): Substitutions {
  return new Map(
    entriesOf(value, path).map(([tag, entry]) => {
      const where = pathTo(path, tag);
      checkTag(tag, where);
      return [tag, textsOf(entry, where)];
    }),
  );
}

/** Whether there is a list among them. */
export function hasLists(substitutions: Substitutions): boolean {
  return [...substitutions.values()].some((one) => typeof one !== 'string');
}

/**
 * The texts of every tag for `count` recipients.
 *
 * @throws MailError `INVALID_MESSAGE` for lists of another length, and for
 * more than SendGrid takes for one recipient
 */
export function subFor(
  substitutions: Substitutions,
  count: number,
  path: string,
): Readonly<Record<string, readonly string[]>> {
  const octets = Array.from({ length: count }, () => '{}'.length);
  const sub: [string, readonly string[]][] = [];
  for (const [tag, given] of substitutions) {
    const texts = alignedTexts(given, count, pathTo(path, tag));
    addOctets(octets, tag, given);
    sub.push([tag, texts]);
  }
  checkOctets(octets, path);
  return Object.fromEntries(sub);
}

/**
 * Refuses what SendGrid takes for no tag.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function checkTag(tag: string, path: string): void {
  // oxlint-disable-next-line no-control-regex -- control characters belong into no tag either
  if (tag !== '' && !/[\s<>&\x00-\x1f\x7f]/.test(tag)) return;
  throw refused(
    path,
    'is not a tag: it may not be empty, nor hold white space, <, > or &. ' +
      'Write it as `-name-` or `%name%`.',
  );
}

function textsOf(value: unknown, path: string): string | readonly string[] {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) {
    throw refused(path, 'must be a string, or a list of strings.');
  }
  return value.map((item: unknown, i) => textOf(item, `${path}[${i}]`));
}

function alignedTexts(
  given: string | readonly string[],
  count: number,
  path: string,
): readonly string[] {
  if (typeof given === 'string')
    return Array.from({ length: count }, () => given);
  if (given.length === count) return given;
  throw refused(
    path,
    `holds ${given.length} texts for ${count} recipients in \`to\`. Give one ` +
      'for each; SendGrid would leave the others blank.',
  );
}

/** As `{"tag":"text",...}`, the object that holds what is one recipient's. */
function addOctets(
  octets: number[],
  tag: string,
  given: string | readonly string[],
): void {
  const around = jsonOctets(tag) + ':,'.length;
  const same = typeof given === 'string' ? jsonOctets(given) : undefined;
  for (let at = 0; at < octets.length; at += 1) {
    const own = same ?? jsonOctets(given[at] ?? '');
    octets[at] = (octets[at] ?? 0) + around + own;
  }
}

function checkOctets(octets: readonly number[], path: string): void {
  // The last text has no comma behind it.
  const at = octets.findIndex((sum) => sum - 1 > MAX_OCTETS);
  if (at < 0) return;
  throw refused(
    path,
    `takes ${(octets[at] ?? 0) - 1} bytes of JSON for recipient ${at}; ` +
      `SendGrid takes ${MAX_OCTETS}. A character that is not ASCII takes six.`,
  );
}
