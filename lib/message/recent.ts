const KEPT = 8;
const MAX_LENGTH = 131_072;

/** What is made of texts, of which the last few are remembered: a campaign sends one to many. */
export class Recent<Made> {
  readonly #make: (text: string) => Made;
  readonly #texts: string[] = [];
  readonly #made: Made[] = [];
  #next = 0;

  /** @param make - gives the same for the same text, and nobody changes that */
  constructor(make: (text: string) => Made) {
    this.#make = make;
  }

  of(text: string): Made {
    // A handful is compared faster than a hash of a long text is made.
    const known = this.#made[this.#texts.indexOf(text)];
    if (known !== undefined) return known;
    const made = this.#make(text);
    if (text.length <= MAX_LENGTH) this.#keep(text, made);
    return made;
  }

  #keep(text: string, made: Made): void {
    this.#texts[this.#next] = text;
    this.#made[this.#next] = made;
    this.#next = (this.#next + 1) % KEPT;
  }
}
