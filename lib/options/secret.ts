import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * Holds a secret so that no print, log line or serialisation shows it.
 * `reveal()` is the only way to the value.
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
