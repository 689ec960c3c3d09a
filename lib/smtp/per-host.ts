const registries = new Set<Map<string, unknown>>();

/**
 * What this process has learned about each host, shared by every pool that
 * talks to it.
 */
export class PerHost<T> {
  readonly #make: () => T;
  readonly #known = new Map<string, T>();

  constructor(make: () => T) {
    this.#make = make;
    registries.add(this.#known);
  }

  /** What is known of `host`, or a fresh start. */
  of(host: string): T {
    const known = this.#known.get(host) ?? this.#make();
    this.#known.set(host, known);
    return known;
  }

  /** @internal Makes every registry forget, so that tests do not share hosts. */
  static forgetAll(): void {
    for (const known of registries) known.clear();
  }
}
