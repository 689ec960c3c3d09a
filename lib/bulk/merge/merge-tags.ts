import { excerpt } from '../../message/invalid-message.js';
import { refused } from '../../message/x-smtpapi/field-checks.js';
import { checkTag } from '../../message/x-smtpapi/substitutions.js';

/** The tags of one merge. */
export class MergeTags {
  #names: readonly string[] = [];
  #pattern = /(?!)/;

  get names(): readonly string[] {
    return this.#names;
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  /**
   * @throws MailError `INVALID_MESSAGE` for what SendGrid takes for no tag, and
   * for one that another is part of: which is replaced first is not known
   */
  add(name: string, path: string): void {
    if (this.has(name)) return;
    checkTag(name, path);
    const alike = this.#names.find(
      (other) => other.includes(name) || name.includes(other),
    );
    if (alike !== undefined) {
      throw refused(
        path,
        `cannot be told from the tag ${excerpt(alike)}, since one is part of ` +
          'the other. Rename one of them.',
      );
    }
    this.#names = [...this.#names, name];
    const patterns = this.#names.map((one) =>
      one.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'),
    );
    this.#pattern = new RegExp(patterns.join('|'));
  }

  /** Whether a text holds a tag. */
  isIn(text: string): boolean {
    return this.#pattern.test(text);
  }
}
