import { isFields, type Fields } from '../../message/header-entries.js';
import { pathTo, refused } from '../../message/x-smtpapi/field-checks.js';
import { escapeHtml } from './escape-html.js';
import { refuseLongWords } from './long-words.js';
import { MergeTags } from './merge-tags.js';

const DEFAULTS_PATH = 'sendgrid.substitutions';
const BREAKS = /[\r\n]/;

/** How the texts of a merge are treated. */
export interface TextRules {
  /** Tags whose texts go out as they are; `true` means all. */
  readonly raw: boolean | readonly string[];

  /** The subject, in which texts may not break the line. */
  readonly subject: string;
}

/**
 * Makes the texts of a merge's recipients: one for each of its tags, which
 * the defaults and the first recipient set.
 */
export class RowTexts {
  readonly #rules: TextRules;
  readonly #tags = new MergeTags();
  readonly #defaults = new Map<string, string>();
  #complete = false;

  /** @throws MailError `INVALID_MESSAGE` for defaults that nobody could be sent */
  constructor(defaults: Fields, rules: TextRules) {
    this.#rules = rules;
    const given = Object.entries(defaults);
    for (const [tag] of given) this.#tags.add(tag, pathTo(DEFAULTS_PATH, tag));
    for (const [tag, value] of given) {
      const text = this.#textOf(tag, value, pathTo(DEFAULTS_PATH, tag));
      this.#defaults.set(tag, text);
    }
  }

  get tags(): readonly string[] {
    return this.#tags.names;
  }

  /**
   * A recipient's text for each tag, in their order.
   *
   * @throws MailError `INVALID_MESSAGE` naming the tag, never the text
   */
  of(given: unknown, path: string): readonly string[] {
    const own = given ?? {};
    if (!isFields(own)) throw refused(path, 'must be an object.');
    this.#takeTags(own, path);
    for (const tag of Object.keys(own)) {
      if (this.#tags.has(tag)) continue;
      throw refused(
        pathTo(path, tag),
        'is no tag of this merge: its first recipient does not have it. Name ' +
          'every tag there, or give it a text in `sendgrid.substitutions`.',
      );
    }
    return this.tags.map((tag) => {
      const value = Object.hasOwn(own, tag) ? own[tag] : undefined;
      return this.#ownOrDefault(tag, value, path);
    });
  }

  /**
   * Refuses a text that SendGrid might replace a part of.
   *
   * @throws MailError `INVALID_MESSAGE`
   */
  refuseTags(text: string, path: string): void {
    if (!this.#tags.isIn(text)) return;
    throw refused(
      path,
      'holds a tag of this merge, which SendGrid might replace in turn. Take ' +
        'it out, or rename the tag.',
    );
  }

  // Those that are in order are taken in any case: the others are not to suffer.
  #takeTags(own: Fields, path: string): void {
    if (this.#complete) return;
    this.#complete = true;
    const problems = Object.keys(own).flatMap((tag) => {
      try {
        this.#tags.add(tag, pathTo(path, tag));
        return [];
      } catch (problem) {
        return [problem];
      }
    });
    if (problems.length > 0) throw problems[0];
  }

  #ownOrDefault(tag: string, value: unknown, path: string): string {
    const where = pathTo(path, tag);
    if (value !== undefined && value !== null) {
      return this.#textOf(tag, value, where);
    }
    const text = this.#defaults.get(tag);
    if (text !== undefined) return text;
    throw refused(
      where,
      'is missing. Give it a text, or one for all who have none of their own ' +
        `in \`${DEFAULTS_PATH}\`.`,
    );
  }

  #textOf(tag: string, value: unknown, path: string): string {
    if (typeof value !== 'string' && !Number.isFinite(value)) {
      throw refused(path, 'must be a string or a number.');
    }
    const given = String(value);
    const text = this.#isRaw(tag) ? given : escapeHtml(given);
    this.refuseTags(text, path);
    refuseLongWords(text, path);
    if (BREAKS.test(text) && this.#rules.subject.includes(tag)) {
      throw refused(path, 'breaks the line, and the subject holds its tag.');
    }
    return text;
  }

  #isRaw(tag: string): boolean {
    const { raw } = this.#rules;
    return typeof raw === 'boolean' ? raw : raw.includes(tag);
  }
}
