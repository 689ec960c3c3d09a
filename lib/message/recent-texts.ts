import { encodedText, type EncodedText } from './encoded-text.js';

const KEPT = 8;
const MAX_LENGTH = 131_072;

/** Encodes texts, and remembers the last few: a campaign sends one to many. */
export class RecentTexts {
  readonly #contents: string[] = [];
  readonly #encoded: EncodedText[] = [];
  #next = 0;

  encoded(content: string): EncodedText {
    // A handful is compared faster than a hash of a long text is made.
    const known = this.#encoded[this.#contents.indexOf(content)];
    if (known !== undefined) return known;
    const encoded = encodedText(content);
    if (content.length <= MAX_LENGTH) this.#keep(content, encoded);
    return encoded;
  }

  #keep(content: string, encoded: EncodedText): void {
    this.#contents[this.#next] = content;
    this.#encoded[this.#next] = encoded;
    this.#next = (this.#next + 1) % KEPT;
  }
}
